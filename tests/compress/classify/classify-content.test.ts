import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSnippets } from "../../../bench/src/read-snippets.js";
import { classifyContent } from "../../../src/compress/classify/classify-content.js";
import type { Segment } from "../../../src/compress/draft.js";

const classify = (text: string, kind?: Segment["kind"]) => classifyContent(text, { options: { kind } });
const snippets = readSnippets();

function expectCover(text: string): void {
  const segments = classify(text);
  let end = 0;
  for (const segment of segments) {
    expect(segment.start).toBe(end);
    expect(segment.end).toBeGreaterThan(segment.start);
    end = segment.end;
  }
  expect(end).toBe(text.length);
}

describe("classifyContent", () => {
  it("gives no segment for an empty text", () => {
    expect(classify("")).toEqual([]);
  });

  it("covers any concatenation of pieces exactly, the same way each time", () => {
    const piece = fc.oneof(
      fc.constantFrom(...snippets).chain(({ text }) => fc.nat(text.length).map((length) => text.slice(0, length))),
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("\n", "\r\n", "\0", "\ufeff", "\ud800", "```", "{", "[", "|", "\t", "--", "…", "[…12 lines]\n"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        expectCover(text);
        expect(classify(text)).toEqual(classify(text));
      }),
      { numRuns: 300 },
    );
  });

  it("takes the kind that the caller names for the whole text", () => {
    const text = '{"a": 1}\n\nSome prose, and more of it.\n';
    expect(classify(text, "log")).toEqual([{ start: 0, end: text.length, kind: "log" }]);
    expect(classify("def add(a, b):\n    return a + b\n", "code")).toEqual([
      { start: 0, end: 32, kind: "code", language: "python" },
    ]);
  });

  it.each([
    ["nested brackets", "[".repeat(100_000)],
    ["nested objects that never end", '{"a":'.repeat(100_000)],
    ["an opening bracket on every line", "[\n".repeat(100_000)],
    ["a value that fails late, on every line", `${"[1,\n".repeat(50_000)}!`],
    ["one line of a megabyte", "x".repeat(1_000_000)],
    ["one line of blanks", " ".repeat(1_000_000)],
    ["a quote on every line", '"\n'.repeat(100_000)],
    ["comments that never end", "/*\n".repeat(50_000)],
    ["tags that never end", "<a>\n".repeat(50_000)],
    ["hunks that never end", "@@ -1,99999 +1,99999 @@\n".repeat(20_000)],
    ["NUL", "\0".repeat(10_000)],
    ["lone surrogates", "\ud83d \udc00\n".repeat(10_000)],
    ["bare carriage returns", "a\rb\r".repeat(10_000)],
  ])("survives %s", (_, text) => {
    expectCover(text);
  });
});
