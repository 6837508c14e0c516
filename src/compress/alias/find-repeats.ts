/** A sequence of symbols that occurs more than once: `length` symbols at each of `positions[first..last]`. */
export interface Repeat {
  readonly length: number;
  readonly first: number;
  readonly last: number;
}

export interface Repeats {
  readonly repeats: readonly Repeat[];
  /** The sequence's suffix array, into which `first` and `last` of each repeat point. */
  readonly positions: Int32Array;
}

/** Longest repeat that is looked for, in symbols. A power of two: prefix doubling stops there, which bounds its rounds. */
export const longestRepeat = 64;

/**
 * Every right-maximal repeat of a sequence, up to `longestRepeat` symbols long: a suffix array by prefix doubling with
 * counting sorts (Manber & Myers 1990), longest common prefixes (Kasai et al. 2001), and the intervals of equal prefix
 * (Abouelhoda et al. 2004). Linear in the sequence's length.
 *
 * @param symbols non-negative ids; a negative one is a barrier that no repeat crosses
 */
export function findRepeats(symbols: Int32Array): Repeats {
  const positions = sortSuffixes(symbols);
  const shared = measureSharedPrefixes(symbols, positions);
  return { repeats: collectIntervals(shared), positions };
}

function sortSuffixes(symbols: Int32Array): Int32Array {
  const length = symbols.length;
  let highest = 0;
  let ranks = new Int32Array(length);
  // Barriers differ from each other and from everything else, so that no two suffixes agree across one.
  let barriers = 0;
  for (const symbol of symbols) if (symbol < 0) barriers++;
  let barrier = 0;
  for (let at = 0; at < length; at++) {
    ranks[at] = symbols[at]! < 0 ? ++barrier : symbols[at]! + barriers + 1;
    if (ranks[at]! > highest) highest = ranks[at]!;
  }
  let order = Int32Array.from({ length }, (_, at) => at);
  order = countingSort(order, ranks, highest);
  for (let width = 1; width < longestRepeat; width *= 2) {
    // Sorted by the second half already: suffixes that start `width` before a sorted one, in its order.
    const bySecond = new Int32Array(length);
    let next = 0;
    for (let at = Math.max(0, length - width); at < length; at++) bySecond[next++] = at;
    for (const start of order) if (start >= width) bySecond[next++] = start - width;
    order = countingSort(bySecond, ranks, highest);
    const renamed = new Int32Array(length);
    let rank = 0;
    for (let at = 0; at < length; at++) {
      if (at === 0 || !samePair(ranks, order[at - 1]!, order[at]!, width)) rank++;
      renamed[order[at]!] = rank;
    }
    ranks = renamed;
    highest = rank;
    if (rank === length) break;
  }
  return order;
}

function samePair(ranks: Int32Array, left: number, right: number, width: number): boolean {
  if (ranks[left] !== ranks[right]) return false;
  const leftNext = left + width < ranks.length ? ranks[left + width] : 0;
  const rightNext = right + width < ranks.length ? ranks[right + width] : 0;
  return leftNext === rightNext;
}

/** Stable sort of suffixes by rank, 1..highest. */
function countingSort(suffixes: Int32Array, ranks: Int32Array, highest: number): Int32Array<ArrayBuffer> {
  const offsets = new Int32Array(highest + 2);
  for (const suffix of suffixes) offsets[ranks[suffix]! + 1]!++;
  for (let rank = 1; rank < offsets.length; rank++) offsets[rank]! += offsets[rank - 1]!;
  const sorted = new Int32Array(suffixes.length);
  for (const suffix of suffixes) sorted[offsets[ranks[suffix]!]!++] = suffix;
  return sorted;
}

/** `shared[i]`: how many symbols suffix i of the array has in common with the one before it, `longestRepeat` at most. */
function measureSharedPrefixes(symbols: Int32Array, positions: Int32Array): Int32Array {
  const length = symbols.length;
  const rankOf = new Int32Array(length);
  for (let at = 0; at < length; at++) rankOf[positions[at]!] = at;
  const shared = new Int32Array(length);
  let common = 0;
  for (let start = 0; start < length; start++) {
    const rank = rankOf[start]!;
    if (rank === 0) {
      common = 0;
      continue;
    }
    const other = positions[rank - 1]!;
    while (
      common < longestRepeat &&
      start + common < length &&
      other + common < length &&
      symbols[start + common]! >= 0 &&
      symbols[start + common] === symbols[other + common]
    ) {
      common++;
    }
    shared[rank] = common;
    // Suffixes that agree up to the longest repeat stand in any order, so that nothing carries over from them.
    common = common === longestRepeat ? 0 : Math.max(0, common - 1);
  }
  return shared;
}

function collectIntervals(shared: Int32Array): Repeat[] {
  const repeats: Repeat[] = [];
  const open: { length: number; first: number }[] = [];
  for (let at = 1; at <= shared.length; at++) {
    const length = at < shared.length ? shared[at]! : 0;
    let first = at - 1;
    while (open.length > 0 && open[open.length - 1]!.length > length) {
      const closed = open.pop()!;
      repeats.push({ length: closed.length, first: closed.first, last: at - 1 });
      first = closed.first;
    }
    if (length > 0 && (open.length === 0 || open[open.length - 1]!.length < length)) open.push({ length, first });
  }
  return repeats;
}
