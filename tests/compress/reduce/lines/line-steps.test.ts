import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapsePadding } from "../../../../src/compress/reduce/lines/collapse-padding.js";
import { foldRepeats, writeFolded } from "../../../../src/compress/reduce/lines/fold-repeats.js";
import { indentOf, trimTrailingBlanks } from "../../../../src/compress/reduce/lines/trim-blanks.js";

const lines = fc.array(fc.constantFrom("", "a", "a b", "retrying", "x ×3"), { maxLength: 30 });

describe("foldRepeats", () => {
  it("covers every line once, in order", () => {
    fc.assert(
      fc.property(lines, (given) => {
        const covered = foldRepeats(given).flatMap(({ first, count }) =>
          Array.from({ length: count }, (_, at) => first + at),
        );
        expect(covered).toEqual(given.map((_, at) => at));
      }),
    );
  });

  it("is undone by repeating each line as often as its count says, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "a b", "retrying"), { maxLength: 30 }), (given) => {
        const written = foldRepeats(given).map(({ first, count }) => writeFolded(given[first]!, count));
        const unfolded = written.flatMap((line) => {
          const [, text, count] = /^(.*?)(?: ×(\d+))?$/.exec(line)!;
          return Array<string>(Number(count ?? 1)).fill(text!);
        });
        expect(unfolded).toEqual(given);
        expect(foldRepeats(written)).toEqual(written.map((_, first) => ({ first, count: 1 })));
      }),
    );
  });

  it("folds nothing but blank lines in a text that was folded before", () => {
    expect(foldRepeats(["a ×3", "b", "b", "", ""])).toHaveLength(4);
  });
});

describe("trimTrailingBlanks and indentOf", () => {
  it("take the blanks at either end of a line", () => {
    expect(trimTrailingBlanks("a b \t ")).toBe("a b");
    expect(trimTrailingBlanks(" \t")).toBe("");
    expect(indentOf("\t  a ")).toBe(3);
    expect(indentOf("  ")).toBe(2);
  });
});

describe("collapsePadding", () => {
  it("shrinks padding between columns and keeps the indentation", () => {
    expect(collapsePadding("  root   ssh     1 /a b")).toBe("  root ssh 1 /a b");
    expect(collapsePadding("-rw-r--r-- 1 root   4096 a")).toBe("-rw-r--r-- 1 root 4096 a");
  });
});
