import { createContext } from "../../../src/compress/context.js";
import type { Reduction } from "../../../src/compress/draft.js";
import { normalizeOptions } from "../../../src/compress/options/normalize-options.js";
import type { Reducer } from "../../../src/compress/reduce/reduce-structure.js";
import { omissionMarker } from "../../../src/compress/text/omission-marker.js";
import type { CompressOptions, Omission, SegmentKind } from "../../../src/compress/types.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";

const counter = await loadTokenCounter();

/** A reduction of a whole text, with what a test asks of it. */
export interface ReducedText extends Reduction {
  /** The text with every unit kept. */
  readonly full: string;
  /** The text with the units that `keeps` says, and what it leaves out. */
  choose(keeps: (unit: Reduction["units"][number], index: number) => boolean): { text: string; omitted: Omission[] };
}

export async function runReducer(
  reducer: Reducer,
  text: string,
  kind: SegmentKind,
  options: CompressOptions = {},
): Promise<ReducedText> {
  const context = await createContext(normalizeOptions(options));
  const reduction = await reducer(text, { start: 0, end: text.length, kind }, context);
  const write = (kept: Uint8Array) => {
    const omitted: Omission[] = [];
    const written = reduction.write(kept, (omission) => {
      omitted.push(omission);
      return omissionMarker(omission.count, omission.what);
    });
    return { text: written, omitted };
  };
  return {
    ...reduction,
    full: write(new Uint8Array(reduction.units.length).fill(1)).text,
    choose: (keeps) => write(keepWithParents(reduction, keeps)),
  };
}

function keepWithParents({ units }: Reduction, keeps: (unit: Reduction["units"][number], index: number) => boolean) {
  const kept = new Uint8Array(units.length);
  units.forEach((unit, index) => {
    if (!keeps(unit, index)) return;
    for (let at = index; at !== -1 && !kept[at]; at = units[at]!.parent) kept[at] = 1;
  });
  return kept;
}

/** What holds for every reducer and every text: units that partition it, parents before children, no more tokens. */
export function brokenPromises(text: string, { units, full, loss }: ReducedText): string[] {
  const broken: string[] = [];
  let at = 0;
  units.forEach((unit, index) => {
    if (unit.start !== at || unit.end < unit.start) broken.push(`unit ${index} starts at ${unit.start}, not ${at}`);
    if (unit.parent >= index) broken.push(`unit ${index} has the parent ${unit.parent}`);
    at = unit.end;
  });
  if (at !== text.length) broken.push(`units end at ${at} of ${text.length}`);
  if (counter.count(full) > counter.count(text)) broken.push("more tokens than given");
  if (loss === "none" && full !== text) broken.push("loss none, but other bytes");
  return broken;
}

/** Units dropped and units kept cover the text: each omission is a run of whole units that were not kept. */
export function omissionsCover(reduction: ReducedText, keeps: (index: number) => boolean): boolean {
  const kept = new Set<number>();
  const { omitted } = reduction.choose((_, index) => keeps(index));
  reduction.units.forEach((_, index) => {
    for (let at = keeps(index) ? index : -1; at !== -1; at = reduction.units[at]!.parent) kept.add(at);
  });
  return reduction.units.every(
    ({ start, end }, index) =>
      start === end || kept.has(index) !== omitted.some((omission) => omission.start <= start && end <= omission.end),
  );
}
