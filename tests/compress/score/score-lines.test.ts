import { expect, test } from "vitest";
import { scoreLines } from "../../../src/compress/score/score-lines.js";
import { splitLines } from "../../../src/compress/text/split-lines.js";

const score = (lines: readonly string[], floor = new Set<number>()) => {
  const text = lines.map((line) => `${line}\n`).join("");
  return scoreLines(
    text,
    splitLines(text).map((line, at) => ({ ...line, floor: floor.has(at) })),
  ).salience;
};

const common = Array.from({ length: 40 }, (_, at) => `INFO worker ${at} handled request ${at * 7} of the batch`);

test("a line with rare words is missed more than one of many alike, numbers aside", () => {
  const salience = score([...common, "INFO primary elected a replica in zone west", ...common]);
  expect(salience[40]).toBeGreaterThan(salience[39]! + 0.1);
  expect(salience[20]).toBeCloseTo(salience[21]!);
});

test("trouble, and the neighbours of evidence, are missed more", () => {
  const salience = score([...common, "WARN worker handled request of the batch", ...common], new Set([10]));
  expect(salience[40]).toBeGreaterThan(salience[39]! + 0.2);
  expect(salience[9]).toBeGreaterThan(salience[8]!);
  expect(salience[11]).toBeGreaterThan(salience[12]!);
});

test("lines without words are missed least", () => {
  const salience = score([...common, "", "}", "----", ...common]);
  for (const empty of [40, 41, 42]) expect(salience[empty]).toBeLessThan(Math.min(...salience.slice(0, 40)));
});

test("no line outweighs another by saying the same more often", () => {
  const salience = score(["", "alpha beta", "alpha beta alpha beta alpha beta", ""]);
  expect(salience[2]).toBeLessThan(salience[1]! + 0.05);
});
