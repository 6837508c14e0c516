import { findRepeats, type Repeat } from "./find-repeats.js";
import type { LexemeSequence } from "./number-lexemes.js";

/** A repeat that becomes an alias: the text that it stands for, and where. */
export interface ChosenAlias {
  readonly meaning: string;
  /** Start offsets, ascending; each occurrence is as long as the meaning. */
  readonly occurrences: readonly number[];
}

/** Tokens of an alias in the text (`§`, number) and, beside its meaning, in the legend (` §`, number, `=`). */
const aliasTokens = 2;
const legendTokens = 3;
const mostAliases = 200;
const mostEvaluations = 3000;

interface Candidate extends Repeat {
  /** Upper bound of what it saves; exact once `evaluated`. */
  saving: number;
}

/**
 * Picks repeats in the order of what they save, net of the legend, each over the places that earlier picks left free
 * (lazy greedy: a candidate's saving only falls as others are taken).
 *
 * @param count tokens of a text
 * @param leastSaving tokens that an alias must save to be taken, net of the legend
 */
export function chooseAliases(
  text: string,
  lexemes: LexemeSequence,
  count: (text: string) => number,
  leastSaving: number,
): ChosenAlias[] {
  const { repeats, positions } = findRepeats(lexemes.ids);
  const cost = lexemeCosts(lexemes, count);
  const queue = rankCandidates(repeats, positions, cost, leastSaving);
  const taken = new Uint8Array(lexemes.ids.length);
  const chosen: ChosenAlias[] = [];
  let evaluations = 0;
  while (queue.length > 0 && chosen.length < mostAliases && evaluations++ < mostEvaluations) {
    const candidate = queue.pop()!;
    const trimmed = trimBlanks(candidate, positions, lexemes);
    const meaning = textOf(trimmed, positions, lexemes, text);
    const places = freePlaces(trimmed, positions, lexemes, taken, text);
    const tokens = count(meaning);
    const saving = places.length * (tokens - aliasTokens) - tokens - legendTokens;
    if (saving < leastSaving) continue;
    if (saving < (queue.at(-1)?.saving ?? 0)) {
      insert(queue, { ...candidate, saving });
      continue;
    }
    for (const place of places) taken.fill(1, place, place + trimmed.length);
    chosen.push({ meaning, occurrences: places.map((place) => lexemes.starts[place]!) });
  }
  return chosen;
}

/** Estimated tokens up to each lexeme: blanks cost nothing, since a token carries the blank before it. */
function lexemeCosts({ ids, texts }: LexemeSequence, count: (text: string) => number): Float64Array {
  const costOfId = Float64Array.from(texts, (text) => (text.trim() === "" ? 0 : count(text)));
  const upTo = new Float64Array(ids.length + 1);
  for (let at = 0; at < ids.length; at++) upTo[at + 1] = upTo[at]! + (ids[at]! < 0 ? 0 : costOfId[ids[at]!]!);
  return upTo;
}

/** Candidates that could pay, the best last. */
function rankCandidates(
  repeats: readonly Repeat[],
  positions: Int32Array,
  cost: Float64Array,
  leastSaving: number,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const repeat of repeats) {
    const start = positions[repeat.first]!;
    const tokens = cost[start + repeat.length]! - cost[start]!;
    const saving = (repeat.last - repeat.first + 1) * (tokens - aliasTokens) - tokens - legendTokens;
    if (saving >= leastSaving) candidates.push({ ...repeat, saving });
  }
  return candidates.sort((a, b) => a.saving - b.saving || a.length - b.length || a.first - b.first);
}

function insert(queue: Candidate[], candidate: Candidate): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (queue[middle]!.saving < candidate.saving) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, candidate);
}

/** The same repeat without blanks at its ends, as an offset into its occurrences. */
interface Trimmed extends Repeat {
  readonly skip: number;
}

function trimBlanks(repeat: Repeat, positions: Int32Array, { ids, texts }: LexemeSequence): Trimmed {
  const start = positions[repeat.first]!;
  const isBlank = (at: number) => texts[ids[at]!]!.trim() === "";
  let skip = 0;
  while (skip < repeat.length && isBlank(start + skip)) skip++;
  let length = repeat.length - skip;
  while (length > 0 && isBlank(start + skip + length - 1)) length--;
  return { ...repeat, skip, length };
}

function textOf({ first, skip, length }: Trimmed, positions: Int32Array, { starts }: LexemeSequence, text: string) {
  const start = positions[first]! + skip;
  return text.slice(starts[start], starts[start + length]);
}

/** Places of a repeat that are free, do not overlap each other, and are not followed by a digit, which would join the alias. */
function freePlaces(
  { first, last, skip, length }: Trimmed,
  positions: Int32Array,
  { starts }: LexemeSequence,
  taken: Uint8Array,
  text: string,
): number[] {
  if (length === 0) return [];
  const places = positions
    .subarray(first, last + 1)
    .slice()
    .sort();
  const free: number[] = [];
  let freeFrom = 0;
  for (const position of places) {
    const place = position + skip;
    if (place < freeFrom || isTaken(taken, place, length) || /\p{N}/u.test(text[starts[place + length]!] ?? ""))
      continue;
    free.push(place);
    freeFrom = place + length;
  }
  return free;
}

function isTaken(taken: Uint8Array, place: number, length: number): boolean {
  for (let at = place; at < place + length; at++) if (taken[at]) return true;
  return false;
}
