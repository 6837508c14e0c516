import type { ScoredSegment } from "../draft.js";

/** A choice of units under construction: what it costs, and how a unit more would change that. */
export class Choice {
  readonly kept: Uint8Array;
  tokens: number;
  readonly #segment: ScoredSegment;

  /** Starts with nothing kept: one run of everything dropped. */
  constructor(segment: ScoredSegment) {
    this.#segment = segment;
    this.kept = new Uint8Array(segment.units.length);
    this.tokens = segment.units.length > 0 ? segment.markerTokens : 0;
  }

  /** Keeps a unit and everything that it needs. */
  keep(index: number): void {
    for (let at = index; at !== -1 && !this.kept[at]; at = this.#segment.units[at]!.parent) {
      this.tokens += this.#costOf(at);
      this.kept[at] = 1;
    }
  }

  /** Tokens that `keep(index)` would add: less than nothing where a marker costs more than what it stands for. */
  costOfKeeping(index: number): number {
    let cost = 0;
    for (let at = index; at !== -1 && !this.kept[at]; at = this.#segment.units[at]!.parent) cost += this.#costOf(at);
    return cost;
  }

  /** A kept unit splits a run of dropped ones, shortens it, or ends it: one marker more, none, or one less. */
  #costOf(index: number): number {
    const { units, markerTokens } = this.#segment;
    const droppedBefore = index > 0 && !this.kept[index - 1] ? 1 : 0;
    const droppedAfter = index < units.length - 1 && !this.kept[index + 1] ? 1 : 0;
    return units[index]!.tokens + (droppedBefore + droppedAfter - 1) * markerTokens;
  }
}

/** The floor of a segment: what stays whatever the budget. */
export function chooseFloor(segment: ScoredSegment): Choice {
  const choice = new Choice(segment);
  segment.units.forEach((unit, index) => {
    if (unit.floor) choice.keep(index);
  });
  keepCheapGaps(segment, choice);
  return choice;
}

/** How much cost counts against salience where the scores do not say. */
const usualExponent = 0.5;

/**
 * Units in the order in which they are taken: by priority, then by salience over a power of their cost,
 * a unit beside one of the floor before another, then as they stand.
 */
export function rankUnits(segment: ScoredSegment, floor: Uint8Array): Uint32Array {
  const { units, salience, costExponent: exponent = usualExponent } = segment;
  const value = Float64Array.from(units, (unit, index) => {
    const besideFloor = floor[index - 1] || floor[index + 1] ? 1e-6 : 0;
    return salience[index]! / Math.max(1, unit.tokens) ** exponent + besideFloor;
  });
  const candidates = new Uint32Array(units.length);
  let length = 0;
  for (let index = 0; index < units.length; index++) if (!floor[index]) candidates[length++] = index;
  return candidates
    .subarray(0, length)
    .sort((a, b) => units[b]!.priority - units[a]!.priority || value[b]! - value[a]! || a - b);
}

/** Adds ranked units to the floor while they fit into `budget` tokens. */
export function chooseWithin(segment: ScoredSegment, ranked: Uint32Array, budget: number): Choice {
  const choice = chooseFloor(segment);
  for (const index of ranked) {
    if (!choice.kept[index] && choice.tokens + choice.costOfKeeping(index) <= budget) choice.keep(index);
  }
  keepCheapGaps(segment, choice);
  return choice;
}

/** Keeps every run of dropped units that is no dearer than the marker in its place. */
function keepCheapGaps(segment: ScoredSegment, choice: Choice): void {
  const { units, markerTokens } = segment;
  if (markerTokens === 0) return;
  let index = 0;
  while (index < units.length) {
    if (choice.kept[index]) {
      index++;
      continue;
    }
    const first = index;
    let tokens = 0;
    let selfContained = true;
    while (index < units.length && !choice.kept[index]) {
      const { parent, tokens: cost } = units[index]!;
      selfContained &&= parent === -1 || parent >= first || choice.kept[parent] === 1;
      tokens += cost;
      index++;
    }
    if (selfContained && tokens <= markerTokens) for (let at = first; at < index; at++) choice.keep(at);
  }
}
