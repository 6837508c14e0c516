import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collapsePadding } from "../../../../src/compress/reduce/lines/collapse-padding.js";
import { foldRepeats, writeFolded } from "../../../../src/compress/reduce/lines/fold-repeats.js";

const lines = fc.array(fc.constantFrom("", "a", "a b", "retrying", "x ×3"), { maxLength: 30 });

function unfold(written: readonly string[]): string[] {
  const lines: string[] = [];
  for (const line of written) {
    const [, period, repeats] = /^\[(\d+) lines above ×(\d+)\]$/.exec(line) ?? [];
    const [, text, count] = /^(.*?)(?: ×(\d+))?$/.exec(line)!;
    if (period === undefined) lines.push(...Array<string>(Number(count ?? 1)).fill(text!));
    else for (let time = 1, block = lines.slice(-period); time < Number(repeats); time++) lines.push(...block);
  }
  return lines;
}

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

  it("is undone by repeating each line and block as often as its count says, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "a b", "retrying"), { maxLength: 40 }), (given) => {
        const written = foldRepeats(given).flatMap((row) => writeFolded(given, row).split("\n"));
        expect(unfold(written)).toEqual(given);
        expect(foldRepeats(written)).toEqual(written.map((_, first) => ({ first, count: 1, period: 1 })));
      }),
      { numRuns: 500 },
    );
  });

  it("writes a repeated block once, with its count", () => {
    const lines = [...Array(12).fill(["connecting", "refused"]).flat(), "connecting", "done"];
    expect(foldRepeats(lines).map((row) => writeFolded(lines, row))).toEqual([
      "connecting\nrefused\n[2 lines above ×12]",
      "connecting",
      "done",
    ]);
  });

  it("folds nothing but blank lines in a text that was folded before", () => {
    expect(foldRepeats(["a ×3", "b", "b", "", ""])).toHaveLength(4);
  });
});

describe("collapsePadding", () => {
  it("shrinks padding between columns and keeps the indentation", () => {
    expect(collapsePadding("  root   ssh     1 /a b")).toBe("  root ssh 1 /a b");
    expect(collapsePadding("-rw-r--r-- 1 root   4096 a")).toBe("-rw-r--r-- 1 root 4096 a");
  });
});
