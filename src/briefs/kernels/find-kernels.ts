import { LRUCache } from "lru-cache";
import { readBrief } from "../markdown/read-brief.js";
import type { Kernel } from "./kernel.js";
import { listStatements } from "./list-statements.js";
import { leastShare, type Match, matchKernel, type Passage, readPassage } from "./match-kernel.js";

/** A kernel that a text lacks, and why it counts as lost. */
export interface LostKernel {
  readonly kernel: Kernel;
  readonly reason: string;
}

/** Passages compared with one kernel at most, those that share its rarest words first. */
const mostCandidates = 48;

/** The passages of a text, ready to look for kernels in. */
export class PassageIndex {
  readonly #passages: Passage[] = [];
  readonly #places = new Map<string, number[]>();
  /** Without a word that it shares with a kernel a passage can only hold the kernel's atoms: the whole text is asked for those. */
  readonly #text: string;

  constructor(texts: readonly string[]) {
    this.#text = texts.join("\n");
    for (const text of texts) {
      const passage = readPassage(text);
      const index = this.#passages.push(passage) - 1;
      for (const key of keysOf(passage)) {
        const places = this.#places.get(key);
        if (places === undefined) this.#places.set(key, [index]);
        else places.push(index);
      }
    }
  }

  /** The best match of a kernel's text, or why there is none. */
  find(text: string): Match {
    const kernel = readPassage(text);
    let best: Match = { score: 0, reason: "nothing of it is there" };
    for (const passage of this.#candidates(kernel)) {
      const match = matchKernel(kernel, passage);
      if (match.reason === undefined) return match;
      if (match.score >= best.score) best = match;
    }
    return best;
  }

  #candidates(kernel: Passage): Passage[] {
    const lists = [...keysOf(kernel)].map((key) => this.#places.get(key) ?? []).filter((list) => list.length > 0);
    lists.sort((left, right) => left.length - right.length);
    const found = new Set<number>();
    for (const list of lists) {
      for (const index of list) {
        if (found.size >= mostCandidates) break;
        found.add(index);
      }
    }
    if (found.size > 0) return [...found].map((index) => this.#passages[index]!);
    return kernel.words.length === 0 ? [readPassage(this.#text)] : [];
  }
}

/** The passages of a Markdown text: its statements, and its blocks whole, since a rewrite may part or join statements. */
export function indexBrief(document: string): PassageIndex {
  const known = remembered.get(document);
  if (known !== undefined) return known;
  const index = indexAnew(document);
  remembered.set(document, index);
  return index;
}

/** The source is asked once for each candidate. */
const remembered = new LRUCache<string, PassageIndex>({ max: 4 });

function indexAnew(document: string): PassageIndex {
  const statements = listStatements(readBrief(document)).filter(({ text }) => text !== "");
  const blocks = new Map<number, string[]>();
  for (const { block, text, remark } of statements) {
    const said = remark === undefined ? text : `${text} ${remark}`;
    const list = blocks.get(block);
    if (list === undefined) blocks.set(block, [said]);
    else list.push(said);
  }
  const joined = [...blocks.values()]
    .filter((texts) => texts.length > 1 && texts.length < 8)
    .map((texts) => texts.join(". "));
  const said = statements.map(({ text, form }) => (form === "command" ? `\`${text}\`` : text));
  return new PassageIndex([...said, ...joined]);
}

/** Which kernels a text holds and which it lost. */
export function findKernels(
  kernels: readonly Kernel[],
  index: PassageIndex,
): { retained: Kernel[]; lost: LostKernel[] } {
  const retained: Kernel[] = [];
  const lost: LostKernel[] = [];
  for (const kernel of kernels) {
    const { score, reason } = index.find(kernel.text);
    if (reason === undefined && score >= leastShare) retained.push(kernel);
    else lost.push({ kernel, reason: reason ?? "too little of it is there" });
  }
  return { retained, lost };
}

function keysOf({ words, atoms }: Passage): Set<string> {
  return new Set([...words.map(({ stem }) => stem), ...atoms.map((atom) => `\`${atom}`)]);
}
