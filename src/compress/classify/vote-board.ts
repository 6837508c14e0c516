import type { SegmentKind } from "../types.js";

/** The kinds that lines vote for, in the order of a board's columns; an earlier one wins a tie. */
export const segmentKinds = [
  "log",
  "trace",
  "search",
  "diff",
  "json",
  "code",
  "table",
  "listing",
  "yaml",
  "html",
  "chat",
  "markdown",
  "prose",
] as const satisfies readonly SegmentKind[];

const columnOf = new Map<SegmentKind, number>(segmentKinds.map((kind, column) => [kind, column]));

/** How strongly each line speaks for each kind. Votes add up; 0 says nothing, about 3 is as good as certain. */
export class VoteBoard {
  /** Lines x kinds, row by row. */
  readonly votes: Float32Array;
  /** Lines before which a change of kind is natural: a claimed block starts or ends there. */
  readonly edges: Uint8Array;
  /** Column + 1 of the kind that a line is for certain, 0 for none. */
  readonly settled: Uint8Array;

  constructor(readonly lineCount: number) {
    this.votes = new Float32Array(lineCount * segmentKinds.length);
    this.edges = new Uint8Array(lineCount + 1);
    this.settled = new Uint8Array(lineCount);
  }

  add(line: number, kind: SegmentKind, weight: number): void {
    this.votes[line * segmentKinds.length + columnOf.get(kind)!]! += weight;
  }

  of(line: number, kind: SegmentKind): number {
    return this.votes[line * segmentKinds.length + columnOf.get(kind)!]!;
  }

  /** Lets every line of `[from, to)` speak for one kind, and makes both ends natural places for a change. */
  claim(from: number, to: number, kind: SegmentKind, weight: number): void {
    for (let line = from; line < to; line++) this.add(line, kind, weight);
    this.edges[from] = 1;
    this.edges[to] = 1;
  }

  /**
   * Settles every line of `[from, to)` that is not settled yet: a reader of that kind took it in, so that no other
   * kind has a say in it.
   */
  settle(from: number, to: number, kind: SegmentKind): void {
    this.claim(from, to, kind, 0);
    for (let line = from; line < to; line++) this.settled[line] ||= columnOf.get(kind)! + 1;
  }

  isSettled(line: number): boolean {
    return this.settled[line] !== 0;
  }

  /** The strongest vote of a line for anything but the given kinds. */
  strongestBut(line: number, ...excepted: readonly SegmentKind[]): number {
    const row = line * segmentKinds.length;
    let strongest = 0;
    for (let column = 0; column < segmentKinds.length; column++) {
      if (this.votes[row + column]! > strongest && !excepted.includes(segmentKinds[column]!)) {
        strongest = this.votes[row + column]!;
      }
    }
    return strongest;
  }
}
