import fc from "fast-check";
import { expect, it } from "vitest";
import { createContext } from "../../../src/compress/context.js";
import type { Reduction } from "../../../src/compress/draft.js";
import { normalizeOptions } from "../../../src/compress/options/normalize-options.js";
import type { Reducer } from "../../../src/compress/reduce/reduce-structure.js";
import { omissionMarker } from "../../../src/compress/text/omission-marker.js";
import type { SegmentKind } from "../../../src/compress/types.js";
import { hostileTexts } from "./hostile-texts.js";

/** What a reducer under test may read. */
export const context = await createContext(normalizeOptions({}));

export async function reduceText(reducer: Reducer, text: string, kind: SegmentKind = "log"): Promise<Reduction> {
  return reducer(text, { start: 0, end: text.length, kind }, context);
}

/** The text with every unit kept. */
export async function writeWhole(reducer: Reducer, text: string): Promise<string> {
  const reduction = await reduceText(reducer, text);
  return reduction.write(new Uint8Array(reduction.units.length).fill(1), () => {
    throw new Error("nothing was left out");
  });
}

/** The text with the units kept for which `choose` says so, and the omissions that were marked. */
export async function writeChoice(reducer: Reducer, text: string, choose: (index: number) => boolean) {
  const reduction = await reduceText(reducer, text);
  const kept = Uint8Array.from(reduction.units, (unit, index) => (unit.floor || choose(index) ? 1 : 0));
  const omitted: { start: number; end: number; count: number }[] = [];
  const written = reduction.write(kept, (omission) => {
    omitted.push(omission);
    return omissionMarker(omission.count, omission.what);
  });
  return { written, omitted, reduction, kept };
}

export const countTokens = (text: string) => context.counter.count(text);

/** Lines so long that quadratic work would show: too long for the reducers that read words. */
const longTexts = [
  `${"word ".repeat(40_000)}
`,
  "x".repeat(200_000),
];

const line = fc.oneof(
  fc.constantFrom(
    "",
    "-rw-r--r-- 1 root root 120 Nov 20 21:11 a.ts",
    "-rw-r--r-- 1 root root 7420 Nov 20 21:11 index.d.ts",
    "drwxr-xr-x 2 root root 4096 Nov 20 21:11 lib",
    "src/compress/draft.ts:12:export interface Unit {",
    "src/compress/draft.ts-13-  readonly start: number;",
    "src/compress/types.ts:4:export const kinds = [",
    "--",
    "2026-11-21 10:00:01 INFO worker 12 picked job 991",
    "2026-11-21 10:00:02 INFO worker 13 picked job 992",
    "2026-11-21 10:00:02 ERROR job 991 failed: timed out",
    "    at run (/app/src/main.js:4:5)",
    "    at node:internal/main/run_main_module:36:49",
    "[…12 lines]",
    "trailing   ",
    "…",
  ),
  fc.string({ unit: "binary", maxLength: 30 }),
);

const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, lineBreak, closed]) => lines.join(lineBreak) + (closed ? lineBreak : ""));

/** The laws of draft.ts and DESIGN that hold for every reducer whose units are lines. */
export function lawsOfLineReducers(reducer: Reducer): void {
  const anyText = fc.oneof(fc.constantFrom(...hostileTexts, ...longTexts), text);

  it("partitions the segment, parents before children", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (given) => {
        const { units } = await reduceText(reducer, given);
        let at = 0;
        for (const [index, unit] of units.entries()) {
          expect(unit.start).toBe(at);
          expect(unit.end).toBeGreaterThan(unit.start);
          expect(unit.parent).toBeLessThan(index);
          expect(Number.isFinite(unit.priority) && Number.isFinite(unit.tokens)).toBe(true);
          at = unit.end;
        }
        expect(at).toBe(given.length);
      }),
    );
  });

  it("gives the source back or fewer tokens, and says which", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (given) => {
        const { loss } = await reduceText(reducer, given);
        const written = await writeWhole(reducer, given);
        if (loss === "none") expect(written).toBe(given);
        else expect(countTokens(written)).toBeLessThan(countTokens(given));
      }),
    );
  });

  it("changes nothing the second time", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (given) => {
        const once = await writeWhole(reducer, given);
        expect(await writeWhole(reducer, once)).toBe(once);
      }),
    );
  });

  it("keeps evidence and earlier markers as they stand, and counts every line that goes", async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.func(fc.boolean()), async (given, choose) => {
        const { written, omitted, reduction, kept } = await writeChoice(reducer, given, choose);
        for (const line of given.split(/\r?\n/)) {
          if (context.rules.isEvidence(line) || line.includes("[…12 lines]")) {
            const words = line.replace(/^[^\s:]+:\d+:/, "").trim();
            expect(written).toContain(words);
          }
        }
        for (const { start, end, count } of omitted) {
          const gone = given.slice(start, end);
          expect(count).toBe(gone.split("\n").length - (gone.endsWith("\n") ? 1 : 0));
        }
        const spans = reduction.units.filter((_, index) => !kept[index]).reduce((sum, u) => sum + u.end - u.start, 0);
        expect(omitted.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(spans);
      }),
    );
  });
}
