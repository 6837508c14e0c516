import { describe, expect, it } from "vitest";
import {
  chooseAtRandom,
  chooseByCounts,
  chooseByWeights,
} from "../../../src/bench/quality/contenders/choose-freely.js";
import { compressByBrevis } from "../../../src/bench/quality/contenders/compress-by-brevis.js";
import type { Contender } from "../../../src/bench/quality/contenders/contender.js";
import { keepHead, keepTail } from "../../../src/bench/quality/contenders/truncate.js";
import type { BenchText } from "../../../src/bench/quality/data/read-texts.js";
import { measureContenders } from "../../../src/bench/quality/measure-contenders.js";

const text =
  "The committee met on 12 March and did not approve the new budget. Several members spoke at great length about the weather in the mountains. " +
  "It was decided that the bridge over the river would be closed for repairs until the autumn of the following year.";
const open = (id: string): BenchText => ({ id, source: "prose", document: id, text });

describe("contenders", () => {
  it.each([compressByBrevis(), chooseByWeights, chooseByCounts, chooseAtRandom, keepHead, keepTail])(
    "$name keeps at most what was asked for, and says what is gone",
    async (contender: Contender) => {
      const { given, kept, omitted, text: output } = await contender.compress(open("a"), 0.5);
      expect(kept).toBeLessThanOrEqual(given / 2);
      expect(kept).toBeGreaterThan(given / 3);
      let left = text;
      for (const { start, end } of [...omitted!].reverse()) left = left.slice(0, start) + left.slice(end);
      const words = (written: string) => written.match(/\p{L}+/gu);
      expect(words(output)).toEqual(words(left));
    },
  );

  it("differ: only compress() holds on to what must stay", async () => {
    const { text: guarded } = await compressByBrevis().compress(open("a"), 0.3);
    const { text: free } = await chooseAtRandom.compress(open("a"), 0.3);
    expect(guarded).toContain("12 March");
    expect(guarded).toContain("not approve");
    expect(free).not.toEqual(guarded);
  });
});

describe("measureContenders", () => {
  it("adds up over texts, at every rate, and once where there is no rate", async () => {
    const half: Contender = {
      name: "half",
      compress: async ({ id }, rate) => ({ text: "", given: 10, kept: 10 * rate, omitted: [], atFloor: id === "a" }),
    };
    const fixed: Contender = { ...half, name: "fixed", isFixed: true };
    let texts = 0;
    const rows = [];
    const comparison = {
      case: "c",
      texts: "t",
      documents: [open("a"), open("b")],
      contenders: [half, fixed],
      rates: [0.2, 0.4],
      measure: ({ id }: BenchText) => ({
        found: id === "a" ? ([1, 4] as const) : ([2, 2] as const),
        none: [0, 0] as const,
      }),
    };
    for await (const row of measureContenders(comparison, { onText: () => texts++ })) rows.push(row);
    expect(texts).toBe(6);
    expect(
      rows.map(({ contender, asked, kept, measure, value, wanted }) => [
        contender,
        asked,
        kept,
        measure,
        value,
        wanted,
      ]),
    ).toEqual([
      ["half", 0.2, 0.2, "found", 0.5, 6],
      ["half", 0.4, 0.4, "found", 0.5, 6],
      ["fixed", undefined, 0.2, "found", 0.5, 6],
    ]);
  });
});
