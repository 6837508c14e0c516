import type { LineView } from "./read-lines.js";
import { segmentKinds, type VoteBoard } from "./vote-board.js";

/** What a change of kind costs, in votes: within a paragraph, after a blank line, and where a block was claimed. */
const changeCost = { within: 7, afterBlank: 4.2, atEdge: 2 };
/** How much a kind's share of the whole text speaks for it in every line. */
const priorWeight = 0.8;
const settledVote = 5;
const jsonColumn = segmentKinds.indexOf("json");
/** A value is read to its last bracket: a line without any mark of JSON is none of it. */
const foreignToJson = -2;

/**
 * The kind of every line, as a column of the board: the sequence with the most votes net of the cost of its changes,
 * found by dynamic programming (Viterbi), so that an island of a few lines joins its neighbours. Linear in lines.
 */
export function chooseKinds(lines: readonly LineView[], board: VoteBoard): Uint8Array {
  const kindCount = segmentKinds.length;
  const prior = shareOfVotes(lines, board);
  const best = new Float64Array(kindCount);
  const cameFrom = new Uint8Array(lines.length * kindCount);
  let atEdge = false;
  for (let line = 0; line < lines.length; line++) {
    // An edge in front of blank lines counts behind them: they go with what stands before.
    atEdge = board.edges[line] === 1 || (atEdge && lines[line - 1]!.neutral);
    let leader = 0;
    for (let kind = 1; kind < kindCount; kind++) if (best[kind]! > best[leader]!) leader = kind;
    const afterChange = best[leader]! - costOfChange(lines, line, atEdge);
    for (let kind = 0; kind < kindCount; kind++) {
      const at = line * kindCount + kind;
      const stays = line === 0 || best[kind]! >= afterChange;
      cameFrom[at] = stays ? kind : leader;
      const vote = lines[line]!.neutral ? 0 : voteOf(board, line, kind) + prior[kind]!;
      best[kind] = (stays ? best[kind]! : afterChange) + vote;
    }
  }
  return traceBack(cameFrom, best, lines.length);
}

function voteOf(board: VoteBoard, line: number, kind: number): number {
  const settled = board.settled[line]!;
  if (settled !== 0) return settled === kind + 1 ? settledVote : 0;
  const vote = board.votes[line * segmentKinds.length + kind]!;
  return vote === 0 && kind === jsonColumn ? foreignToJson : vote;
}

function costOfChange(lines: readonly LineView[], line: number, atEdge: boolean): number {
  if (lines[line]!.neutral) return changeCost.within + 1;
  if (atEdge) return changeCost.atEdge;
  return line > 0 && lines[line - 1]!.neutral ? changeCost.afterBlank : changeCost.within;
}

function shareOfVotes(lines: readonly LineView[], board: VoteBoard): Float64Array {
  const kindCount = segmentKinds.length;
  const share = new Float64Array(kindCount);
  for (let line = 0; line < lines.length; line++) {
    if (lines[line]!.neutral) continue;
    for (let kind = 0; kind < kindCount; kind++) share[kind]! += Math.max(0, voteOf(board, line, kind));
  }
  const total = share.reduce((sum, value) => sum + value, 0);
  return share.map((value) => (total === 0 ? 0 : (priorWeight * value) / total));
}

function traceBack(cameFrom: Uint8Array, best: Float64Array, lineCount: number): Uint8Array {
  const kindCount = segmentKinds.length;
  const chosen = new Uint8Array(lineCount);
  let kind = 0;
  for (let other = 1; other < kindCount; other++) if (best[other]! > best[kind]!) kind = other;
  for (let line = lineCount - 1; line >= 0; line--) {
    chosen[line] = kind;
    kind = cameFrom[line * kindCount + kind]!;
  }
  return chosen;
}
