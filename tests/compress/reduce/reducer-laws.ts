import { expect } from "vitest";
import { createContext } from "../../../src/compress/context.js";
import type { Reduction, Segment } from "../../../src/compress/draft.js";
import { normalizeOptions } from "../../../src/compress/options/normalize-options.js";
import type { Reducer } from "../../../src/compress/reduce/reduce-structure.js";
import { omissionMarker } from "../../../src/compress/text/omission-marker.js";
import type { CompressOptions, Omission } from "../../../src/compress/types.js";

export async function reduceText(
  reducer: Reducer,
  source: string,
  segment: Partial<Segment> = {},
  options: CompressOptions = {},
): Promise<Reduction> {
  const context = await createContext(normalizeOptions(options));
  return reducer(source, { start: 0, end: source.length, kind: "prose", ...segment }, context);
}

export function writeAll(reduction: Reduction): string {
  return reduction.write(new Uint8Array(reduction.units.length).fill(1), () => {
    throw new Error("Nothing was left out, and yet an omission was marked.");
  });
}

/** Writes the units that `choose` names, with what they need and the floor. */
export function writeSome(reduction: Reduction, choose: (index: number) => boolean) {
  const { units } = reduction;
  const kept = new Uint8Array(units.length);
  units.forEach(({ floor }, index) => {
    if (!floor && !choose(index)) return;
    for (let at = index; at !== -1 && !kept[at]; at = units[at]!.parent) kept[at] = 1;
  });
  const omitted: Omission[] = [];
  const text = reduction.write(kept, (omission) => {
    omitted.push(omission);
    return omissionMarker(omission.count, omission.what);
  });
  return { text, kept, omitted };
}

/** What holds for every reduction of every text: see the contracts in draft.ts. */
export function expectLaws(source: string, segment: { start: number; end: number }, reduction: Reduction): void {
  const { units, loss } = reduction;
  let at = segment.start;
  units.forEach((unit, index) => {
    if (unit.start !== at || unit.end <= unit.start) expect(unit).toEqual({ ...unit, start: at });
    if (unit.parent >= index || unit.parent < -1) expect(unit.parent).toBeLessThan(index);
    if (!(unit.tokens >= 0)) expect(unit.tokens).toBeGreaterThanOrEqual(0);
    at = unit.end;
  });
  expect(at).toBe(segment.end);
  const whole = writeAll(reduction);
  expect(loss).toBe(whole === source.slice(segment.start, segment.end) ? "none" : "format");
}

/** Whether a text that was written is left as it is when it is reduced and written whole again. */
export async function expectStable(reducer: Reducer, written: string, segment: Partial<Segment> = {}): Promise<void> {
  const again = await reduceText(reducer, written, segment);
  expect(writeAll(again)).toBe(written);
}

/** The omissions are in order, and together they cover what was dropped. */
export function expectAccounted(reduction: Reduction, kept: Uint8Array, omitted: readonly Omission[]): void {
  let next = 0;
  const lost = reduction.units.filter(({ start, end }, index) => {
    while (next < omitted.length && omitted[next]!.end <= start) next++;
    const isCovered = next < omitted.length && omitted[next]!.start <= start && end <= omitted[next]!.end;
    return !kept[index] && !isCovered;
  });
  expect(lost).toEqual([]);
}
