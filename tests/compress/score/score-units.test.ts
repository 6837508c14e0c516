import { expect, test } from "vitest";
import type { ReducedSegment } from "../../../src/compress/draft.js";
import { normalizeOptions } from "../../../src/compress/options/normalize-options.js";
import { scoreUnits, wordCostExponent } from "../../../src/compress/score/score-units.js";

const source =
  "The harbour opened early. The capital of Norway is Oslo.\nINFO cache warmed\nINFO capital cities of Norway loaded\n";
const prose = segmentOf(0, 57, "words", /\S+\s*/g);
const log = segmentOf(57, source.length, "lines", /[^\n]*\n/g);

function segmentOf(start: number, end: number, noun: string, pattern: RegExp): ReducedSegment {
  const units = Array.from(source.slice(start, end).matchAll(pattern), ({ 0: text, index }) => ({
    start: start + index,
    end: start + index + text.length,
    parent: -1,
    priority: 0,
    floor: false,
    tokens: 1,
  }));
  return {
    start,
    end,
    kind: noun === "words" ? "prose" : "log",
    units,
    noun,
    loss: "none",
    markerTokens: 0,
    write: () => "",
  };
}

const score = (query?: string) =>
  scoreUnits(source, [prose, log], { options: normalizeOptions(query === undefined ? {} : { query }) });

test("every unit is scored from 0 to 1, and without a query no segment is relevant", () => {
  const scored = score();
  expect(scored.map(({ salience }) => salience.length)).toEqual([prose.units.length, 2]);
  for (const { salience, relevance } of scored) {
    expect(relevance).toBe(0);
    for (const value of salience) expect(value > 0 && value <= 1).toBe(true);
  }
});

test("a query lifts the sentence and the line that answer it, and leaves the others", () => {
  const [plainProse, plainLog] = score();
  const [askedProse, askedLog] = score("capital of Norway");
  expect(askedProse!.salience[5]).toBeGreaterThan(plainProse!.salience[5]!);
  expect(askedProse!.salience[1]).toBe(plainProse!.salience[1]);
  expect(askedLog!.salience[1]).toBeGreaterThan(plainLog!.salience[1]!);
  expect(askedLog!.salience[0]).toBe(plainLog!.salience[0]);
  expect(Math.max(askedProse!.relevance, askedLog!.relevance)).toBe(1);
});

test("a segment that does not answer the query has no relevance", () => {
  const [, irrelevant] = score("harbour");
  expect(irrelevant!.relevance).toBe(0);
});

test("cost counts in alphabets, and not where tokenizers cut every word to pieces", () => {
  const of = (text: string) => wordCostExponent(text, { start: 0, end: text.length });
  for (const text of ["plain words", "обычные слова", "كلمات عادية", "", "12 %", "普通的 word"])
    expect(of(text)).toBe(0.35);
  for (const text of ["普通的词语", "साधारण शब्द", "คำธรรมดา"]) expect(of(text)).toBe(0);
});
