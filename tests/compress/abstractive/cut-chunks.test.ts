import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseDomain } from "../../../src/compress/abstractive/choose-domain.js";
import { cutChunks, isLoneFence } from "../../../src/compress/abstractive/cut-chunks.js";
import type { Segment } from "../../../src/compress/draft.js";
import { document } from "../arbitrary-documents.js";

const countWords = (text: string) => text.split(/\s+/u).filter((word) => word !== "").length;

function cut(source: string, aim: number, kind: Segment["kind"] = "markdown"): string[] {
  const chunks = cutChunks(source, [{ start: 0, end: source.length, kind }], aim, countWords);
  return chunks.map(({ start, end }) => source.slice(start, end));
}

describe("cutChunks", () => {
  it("cuts before headings first, then between paragraphs, lines and sentences", () => {
    const sections = ["# One\n\na b c\n\nd e f\n\n", "# Two\n\ng h i\nj k l\n"];
    expect(cut(sections.join(""), 12)).toEqual(sections);
    expect(cut(sections.join(""), 7)).toEqual(["# One\n\na b c\n\n", "d e f\n\n", "# Two\n\ng h i\n", "j k l\n"]);
    const sentence = "This sentence has exactly seven words. ";
    expect(cut(sentence.repeat(20).trim(), 70).every((chunk) => countWords(chunk) <= 70 && /\.\s*$/u.test(chunk))).toBe(
      true,
    );
  });

  it("never cuts a code fence, or a line of code", () => {
    const fenced = `Intro one two\n\n\`\`\`sh\n${"run a b c d\n".repeat(10)}\`\`\`\n\nOutro one two\n`;
    const chunks = cut(fenced, 10);
    expect(chunks).toHaveLength(3);
    expect(chunks[1]).toMatch(/^```sh\n[\s\S]*\n```\n\n$/u);
    expect(cut(`${"x. y. ".repeat(200)}\n`, 10, "code")).toHaveLength(1);
  });

  it("sets fences apart whose other half is in another segment", () => {
    const source = "Some text\n\n```python\nprint(1)\n```\n\nMore text\n";
    const borders = [0, source.indexOf("print"), source.lastIndexOf("```"), source.length];
    const segments = (["markdown", "code", "markdown"] as const).map((kind, at) => {
      return { kind, start: borders[at]!, end: borders[at + 1]! };
    });
    const chunks = cutChunks(source, segments, 100, countWords).map(({ start, end }) => source.slice(start, end));
    expect(chunks).toEqual(["Some text\n\n", "```python\n", "print(1)\n", "```\n", "\nMore text\n"]);
    expect(chunks.map(isLoneFence)).toEqual([false, true, false, true, false]);
  });

  it("leaves segments of other kinds alone", () => {
    expect(cut("one two\n".repeat(50), 10, "log")).toHaveLength(1);
  });

  it("covers the source, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(document, fc.string({ unit: "grapheme" })),
        fc.integer({ min: 1, max: 80 }),
        (source, aim) => {
          const chunks = cut(source, aim);
          expect(chunks.join("")).toBe(source);
          expect(chunks.every((chunk) => chunk !== "")).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("takes linear time", () => {
    const lines = "word word word\n".repeat(100_000);
    expect(cut(lines, 300).length).toBe(1000);
    expect(cut(`\`\`\`\n${lines}\`\`\`\n`, 300)).toHaveLength(1);
  });
});

describe("chooseDomain", () => {
  it.each([
    ["code", "prose in comments", "code"],
    ["prose", "We met at noon, and nothing was decided about the harbour.", "nl"],
    ["markdown", "Run this:\n\n```sh\nnpm ci\n```\n", "mixed"],
    ["chat", "User: why does `get_orders` fail?\nAssistant: set `cursor`.", "mixed"],
    ["chat", "User: where shall we meet?\nAssistant: at the station.\nUser: fine.", "nl"],
  ] as const)("%s: %s", (kind, text, domain) => {
    expect(chooseDomain(kind, text)).toBe(domain);
  });
});
