import { describe, expect, it } from "vitest";
import { countMustKeep } from "../../../src/bench/quality/cases/must-keep-survival.js";
import { countWhole } from "../../../src/bench/quality/cases/whole-answers.js";
import { areaUnderCurve } from "../../../src/bench/quality/measures/area-under-curve.js";
import { countSharedWords } from "../../../src/bench/quality/measures/content-words.js";
import { countKept, evidenceLines } from "../../../src/bench/quality/measures/evidence.js";
import { linesOfAnswer } from "../../../src/bench/quality/measures/lines-of-answer.js";
import { findMustKeepWords } from "../../../src/bench/quality/measures/must-keep-classes.js";
import { resampledShare } from "../../../src/bench/quality/measures/statistics.js";

/** A result that lacks the given stretches of a text. */
function without(text: string, ...gone: { of: string; what?: string }[]) {
  const omitted = gone.map(({ of, what = "words" }) => {
    const start = text.indexOf(of);
    return { start, end: start + of.length, what };
  });
  return { text: "", given: 1, kept: 1, omitted };
}

describe("words that a writer kept", () => {
  it("count as often as they stand, grammar aside", () => {
    expect(countSharedWords("The cache, the cache and a queue", "cache of queue queue")).toEqual([2, 3]);
  });
});

describe("answers", () => {
  const text = "The bridge was built in 1889 by Gustave Eiffel's company.";
  const answer = (words: string) => {
    const start = text.indexOf(words);
    return { text, questions: [[{ start, end: start + words.length }]] };
  };

  it("are whole while all their content words stay in place", () => {
    expect(countWhole(answer("built in 1889"), without(text, { of: "in" }))).toEqual([1, 1]);
    expect(countWhole(answer("built in 1889"), without(text, { of: "1889" }))).toEqual([0, 1]);
  });

  it("are not whole when the word goes that they begin within", () => {
    expect(countWhole(answer("Eiffel"), without(text, { of: "Eiffel's" }))).toEqual([0, 1]);
  });

  it("need one of several forms", () => {
    const question = {
      text,
      questions: [
        [
          { start: 4, end: 10 },
          { start: 24, end: 28 },
        ],
      ],
    };
    expect(countWhole(question, without(text, { of: "bridge" }))).toEqual([1, 1]);
    expect(countWhole(question, without(text, { of: "bridge" }, { of: "1889" }))).toEqual([0, 1]);
  });
});

describe("must-keep words", () => {
  it("are of the first class that fits", () => {
    const text =
      "Never set --dry-run in src/app.ts (v1.2.3): getUser of HTTP took 3.5ms, e.g. 9f8a77c at https://a.org/x.";
    expect(findMustKeepWords(text).map(({ name, word }) => `${name} ${word}`)).toEqual([
      "negations Never",
      "flags --dry-run",
      "paths src/app.ts",
      "versions v1.2.3",
      "identifiers getUser",
      "capitals HTTP",
      "numbers 3.5ms",
      "hashes 9f8a77c",
      "URLs https://a.org/x",
    ]);
  });

  it("are lost with words, and not with a line that a marker counts", () => {
    const text = "It is not 5.\nIt is 7.";
    expect(countMustKeep({ text }, without(text, { of: "not 5." }))["all classes"]).toEqual([1, 3]);
    expect(countMustKeep({ text }, without(text, { of: "It is 7.", what: "lines" }))["all classes"]).toEqual([2, 2]);
  });
});

describe("evidence", () => {
  it("is a line with a whole word of the list, kept where it stands or under a heading", () => {
    const lines = evidenceLines("a ok\nb: Error here\nonFailure = 1\nsrc/x.c:3: fatal thing");
    expect(lines).toEqual(["b: Error here", "src/x.c:3: fatal thing"]);
    expect(countKept(lines, "b: Error here\nsrc/x.c\n3: fatal thing")).toBe(2);
    expect(countKept(lines, "b: Error\nfatal")).toBe(0);
  });
});

describe("lines of an answer", () => {
  it("are those that first bring its rare words", () => {
    const text = "A: hello all\nB: the budget is approved\nC: hello the budget\nD: yes";
    const [line, ...others] = linesOfAnswer(text, "They approved the budget");
    expect(text.slice(line!.start, line!.end)).toBe("B: the budget is approved");
    expect([...line!.brings]).toEqual(["budget", "approved"]);
    expect(others).toEqual([]);
  });
});

describe("statistics", () => {
  it("give the area under a curve with ties counted half", () => {
    const judge = (...rows: [number, boolean][]) => areaUnderCurve(rows.map(([score, wanted]) => ({ score, wanted })));
    expect(judge([3, true], [2, false], [1, false])).toBe(1);
    expect(judge([1, true], [2, false], [2, true], [0, false])).toBe(0.625);
    expect(judge([1, true])).toBeNaN();
  });

  it("give an interval around the share, the same each time", () => {
    const parts = Array.from({ length: 40 }, (_, at) => [at % 3 === 0 ? 1 : 0, 1] as const);
    const { value, low, high } = resampledShare(parts);
    expect(value).toBeCloseTo(14 / 40);
    expect(low).toBeGreaterThan(0.1);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(resampledShare(parts)).toEqual({ value, low, high });
  });
});
