import type { TokenCounter } from "../engine/tokens/load-token-counter.js";
import type { RankedMemory } from "./rank-memories.js";
import type { MemoryRecord, PackedItem, PackedMemories } from "./types.js";

/**
 * Packs memories into a token budget: pinned ones first, the newest of them first; then, best first, those that match.
 *
 * The text has them in the order of writing, each on its own lines with the bytes that it has in every pack, so that a prompt cache holds
 * as long as the choice does.
 *
 * @param ranked best first; those with score 0 are packed only when pinned
 * @param budget the largest number of tokens of the text
 */
export function packMemories(ranked: readonly RankedMemory[], budget: number, counter: TokenCounter): PackedMemories {
  const pinned = ranked
    .filter(({ record }) => record.pinned)
    .sort((a, b) => b.record.at - a.record.at || b.record.sequence - a.record.sequence);
  const matching = ranked.filter(({ record, score }) => !record.pinned && score > 0);
  const chosen: RankedMemory[] = [];
  const left: RankedMemory[] = [];
  // A sum of parts is at least what the joined text takes, but for rare pairs over a seam: the last loop makes it sure.
  let held = 0;
  for (const memory of [...pinned, ...matching]) {
    const tokens = counter.count(`${writeItem(memory.record)}\n`);
    const fits = held + tokens <= budget;
    (fits ? chosen : left).push(memory);
    if (fits) held += tokens;
  }
  let text = writeItems(chosen);
  while (chosen.length > 0 && counter.count(text) > budget) {
    left.unshift(chosen.pop()!);
    text = writeItems(chosen);
  }
  const idsOf = (memories: readonly RankedMemory[]) => memories.map(({ record }) => record.id);
  return {
    text,
    items: inOrder(chosen).map(toItem),
    tokens: {
      packed: counter.count(text),
      uncompressed: chosen.reduce((sum, { record }) => sum + record.tokens.original, 0),
    },
    left: idsOf(left.filter(({ record }) => !record.pinned)),
    pinnedLeft: idsOf(left.filter(({ record }) => record.pinned)),
  };
}

function inOrder(chosen: readonly RankedMemory[]): RankedMemory[] {
  return [...chosen].sort((a, b) => Number(a.record.id.slice(1)) - Number(b.record.id.slice(1)));
}

function writeItems(chosen: readonly RankedMemory[]): string {
  return inOrder(chosen)
    .map(({ record }) => writeItem(record))
    .join("\n");
}

/** One memory as prompts show it; the id lets a model ask for the original. */
function writeItem({ id, text }: MemoryRecord): string {
  return `[${id}] ${text.trimEnd()}`;
}

function toItem({ record, score }: RankedMemory): PackedItem {
  const { id, text, at, pinned, metadata } = record;
  return { id, text, at, pinned, score, metadata };
}
