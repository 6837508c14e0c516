/** The scorer here and the one that was trained (scripts/keep) see the same words, features and log-odds. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type LinearModel, openLinearModel } from "../../../../src/compress/score/linear/open-model.js";
import { readFacts } from "../../../../src/compress/score/linear/read-facts.js";
import { readLineFacts } from "../../../../src/compress/score/linear/read-line-facts.js";
import { splitWords } from "../../../../src/compress/score/linear/split-words.js";
import { sumLines } from "../../../../src/compress/score/linear/sum-lines.js";
import { sumWords } from "../../../../src/compress/score/linear/sum-words.js";

interface Samples {
  words: { text: string; kind: "nl" | "code"; rate: number; words: [number, number][]; logits: number[] }[];
  lines: {
    text: string;
    kind: "code" | "tool" | "nl";
    lines: [number, number][];
    floors: number[];
    logits: number[];
  }[];
}

const samples: Samples = JSON.parse(
  readFileSync(new URL("../../../fixtures/keep/samples.json", import.meta.url), "utf8"),
);
const model = openLinearModel() as LinearModel;

test("the package carries a model that this version reads", () => {
  expect(model).not.toBeNull();
  expect(samples.words.length).toBeGreaterThan(10);
});

test("words are the ones that labels were made for", () => {
  for (const { text, words } of samples.words) {
    const { starts, ends } = splitWords(text);
    expect(
      Array.from(starts, (start, at) => [start, ends[at]]),
      text,
    ).toEqual(words);
  }
});

test("log-odds of words are those of the trainer", () => {
  for (const { text, kind, rate, logits } of samples.words) {
    const isCode = kind === "code";
    const words = splitWords(text);
    const found = sumWords(readFacts(text, words, isCode, model.frequencies), isCode, rate, model);
    expect(found.length).toBe(logits.length);
    found.forEach((value, at) => {
      expect(value, `${text.slice(words.starts[at]!, words.ends[at]!)} in ${text}`).toBeCloseTo(logits[at]!, 3);
    });
  }
});

test("log-odds of lines are those of the trainer", () => {
  for (const { text, kind, lines, floors, logits } of samples.lines) {
    const units = lines.map(([start, end], at) => ({ start, end, floor: floors[at] === 1 }));
    const facts = readLineFacts(text, units, model.frequencies);
    const found = sumLines(facts, kind === "code" ? 1 : kind === "tool" ? 2 : 3, model);
    found.forEach((value, at) => {
      expect(value, text.slice(...lines[at]!)).toBeCloseTo(logits[at]!, 3);
    });
  }
});
