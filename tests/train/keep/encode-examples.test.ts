import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findModelWords } from "../../../src/compress/score/keep-model/find-model-words.js";
import { bundledModelDirectory } from "../../../src/compress/score/keep-model/open-keep-model.js";
import { encodeExamples } from "../../../src/train/keep/encode-examples.js";
import { keepRecordSchema, labelPair, labelRecord } from "../../../src/train/keep/label-texts.js";
import { openWordEncoder } from "../../../src/train/keep/open-word-encoder.js";

const encoder = await openWordEncoder(bundledModelDirectory());

const pairOf = (verbose: string, compressed: string) => ({
  id: "p",
  domain: "nl" as const,
  source: "written",
  verbose,
  compressed,
  rate: 0.5,
  tokens: { verbose: 9, compressed: 4 },
});

describe("encodeExamples", () => {
  it("labels each word of a text in exactly one window, with what its pair kept", () => {
    const words = fc.array(fc.constantFrom("pump", "replaced", "Umlagerung", "hall", "x_1", "3,000"), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 5 }), (all, every) => {
        const kept = all.filter((_, at) => at % every === 0);
        const { text, ...rest } = labelPair({ ...pairOf(all.join(" "), kept.join(" ")) });
        const examples = encodeExamples({ text, ...rest }, encoder);
        const targets = examples.flatMap(({ labels }) => labels[0]!.targets);
        expect(targets).toHaveLength(all.length);
        expect(targets.filter((target) => target === 1)).toHaveLength(kept.length);
        for (const { tokens, features, labels } of examples) {
          expect(tokens.length).toBeLessThanOrEqual(256);
          expect(features).toHaveLength(9 * tokens.length);
          expect(labels[0]!.groups).toHaveLength(tokens.length);
          expect(labels[0]!.groups.slice(0, 2)).toEqual([-1, -1]);
          expect(Math.max(...labels[0]!.groups)).toBe(labels[0]!.targets.length - 1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("takes a pair's own stretches where it has them, and opens with kind and rate", () => {
    const verbose = "alpha beta gamma delta";
    const label = labelPair({ ...pairOf(verbose, "beta"), kept: [[6, 10]] });
    expect(label.tenths).toBe(2);
    const [example] = encodeExamples(label, encoder);
    expect(example!.labels[0]!.targets).toEqual([0, 1, 0, 0]);
    expect(example!.tokens.slice(0, 2)).toEqual([...encoder.openingOf("prose", 2)]);
    expect(example!.tokens.slice(0, 2)).toHaveLength(2);
  });

  it("reads records of the keep task: offsets in code points, answers, lines", () => {
    const text = "😀 first word\nsecond line\n\nthird";
    const record = keepRecordSchema.parse({
      id: "r",
      kind: "tool",
      split: "train",
      text,
      words: [
        [2, 7],
        [8, 12],
        [13, 19],
        [20, 24],
        [26, 31],
      ],
      answer: [0, 1, 0, 0, 1],
      lines: [
        [0, 12, 0.25, 0],
        [26, 31, 1, 1],
      ],
    });
    const [example] = encodeExamples(labelRecord(record), encoder);
    const [answer, line] = example!.labels;
    expect(answer).toMatchObject({ output: 2, weight: 1, targets: [0, 1, 0, 0, 1] });
    expect(line).toMatchObject({ output: 1, weight: 2, targets: [0.25, 1] });
    const words = findModelWords(text).map(({ start, end }) => text.slice(start, end));
    expect(words).toEqual(["first", "word", "second", "line", "third"]);
    // Lines that have no label have no group.
    const ofWord = (at: number) => new Set(line!.groups.filter((_, token) => answer!.groups[token] === at));
    expect([...Array(5).keys()].map((at) => [...ofWord(at)])).toEqual([[0], [0], [-1], [-1], [1]]);
  });
});
