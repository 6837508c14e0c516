import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compress } from "../../../src/compress/compress.js";
import { explainOmission } from "../../../web/src/diff/explain-omission.js";
import { outlineKept, splitSource } from "../../../web/src/diff/split-source.js";
import type { Compression, Segment } from "../../../web/src/service/types.js";

/** Segments that cover a text, with omissions in any order, beside each other or one in another. */
const segmentsOf = (length: number) =>
  fc
    .tuple(fc.nat({ max: length }), fc.array(fc.tuple(fc.nat({ max: length }), fc.nat({ max: length }))))
    .map(([cut, pairs]) =>
      [
        [0, cut],
        [cut, length],
      ].map(([start, end]): Segment => {
        const omitted = pairs
          .map(([one, other]) => ({ start: Math.min(one, other), end: Math.max(one, other), what: "words", count: 1 }))
          .filter((omission) => omission.start >= start! && omission.end <= end!);
        const tokens = { original: 1, compressed: 1 };
        return { start: start!, end: end!, kind: "prose", loss: "lossy", tokens, omitted };
      }),
    );

const text = "The scheduler never starts more than 8 jobs at once.\n\nlast line";

describe("splitSource", () => {
  it("gives pieces that are the source, whatever was left out", () => {
    fc.assert(
      fc.property(segmentsOf(text.length), (segments) => {
        const pieces = splitSource(text, segments);
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        expect(pieces.every((piece) => piece.text !== "")).toBe(true);
      }),
    );
  });

  it("marks what a result left out, and only that", async () => {
    const result = (await compress(text, { rate: 0.5, kind: "prose", engine: "none" })) as unknown as Compression;
    const omitted = result.segments.flatMap((segment) => segment.omitted);
    expect(omitted.length).toBeGreaterThan(0);
    const marked = splitSource(text, result.segments).filter(({ omission }) => omission);
    expect(marked.map((piece) => piece.text)).toEqual(omitted.map(({ start, end }) => text.slice(start, end)));
  });
});

describe("outlineKept", () => {
  it("is the share that stays of each stretch", () => {
    const segment: Segment = {
      start: 0,
      end: 40,
      kind: "log",
      loss: "lossy",
      tokens: { original: 9, compressed: 4 },
      omitted: [
        { start: 5, end: 20, what: "lines", count: 1 },
        { start: 38, end: 40, what: "lines", count: 1 },
      ],
    };
    expect(outlineKept(40, [segment], 4).map((share) => Math.round(share * 10) / 10)).toEqual([0.5, 0, 1, 0.8]);
  });
});

describe("explainOmission", () => {
  const segment = { start: 0, end: 99, kind: "log", loss: "lossy", tokens: { original: 9, compressed: 4 } } as Segment;
  const result = { scorer: "linear", text: "a\n[…1200 lines]\nb" } as Compression;

  it("counts, says who rated it, and whether a marker tells of it", () => {
    const omission = { start: 1, end: 1235, what: "lines", count: 1200 };
    expect(explainOmission(omission, segment, result)).toEqual({
      title: "1,200 lines left out",
      why: "Rated the least telling part of this log by the linear model. What speaks of errors never goes. A marker with the count stands in its place.",
      place: "log · 1,234 characters",
    });
  });

  it.each([
    ["matches", "1 match left out"],
    ["entries", "1 entry left out"],
    ["words", "1 word left out"],
  ])("has one of %s in the singular, and promises no marker where there is none", (what, title) => {
    const reason = explainOmission({ start: 0, end: 1, what, count: 1 }, segment, result);
    expect(reason.title).toBe(title);
    expect(reason.why).not.toContain("marker");
  });
});
