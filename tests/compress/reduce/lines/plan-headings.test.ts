import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planHeadings } from "../../../../src/compress/reduce/lines/plan-headings.js";
import { expandHeadings } from "../expand-headings.js";
import { countTokens } from "../line-reducer-laws.js";

function writeWithHeadings(lines: readonly string[]): string[] {
  const written: string[] = [];
  let at = 0;
  for (const { from, to, heading, shorts } of planHeadings(lines, countTokens)) {
    written.push(...lines.slice(at, from), heading, ...shorts);
    at = to;
  }
  return [...written, ...lines.slice(at)];
}

const listing = [
  "total 120",
  "drwxr-xr-x 4 root root 4096 Nov 20 21:11 .",
  "-rw-r--r-- 1 root root 1072 Nov 20 21:11 LICENSE",
  "-rw-r--r-- 1 root root 92192 Nov 20 21:11 README.md",
  "-rw-r--r-- 1 root root 48 Nov 20 21:11 my notes.d.ts",
];

describe("planHeadings", () => {
  it("says once what lines agree in", () => {
    expect(writeWithHeadings(listing)).toEqual([
      "total 120",
      "drwxr-xr-x 4 root root 4096 Nov 20 21:11 .",
      "-rw-r--r-- 1 root root … Nov 20 21:11 …",
      " 1072 LICENSE",
      " 92192 README.md",
      " 48 my notes.d.ts",
    ]);
  });

  it("groups paths by folder", () => {
    const paths = ["src/compress/draft.ts", "src/compress/types.ts", "src/compress/context.ts", "src/index.ts"];
    expect(writeWithHeadings(paths)).toEqual([
      "src/compress/…",
      " draft.ts",
      " types.ts",
      " context.ts",
      "src/index.ts",
    ]);
  });

  it("never splits a number, a time, a date or an identifier", () => {
    const lines = [
      "Elapsed milliseconds measured at 12:30:01 on 1/3/2026 std::map a",
      "Elapsed milliseconds measured at 12:30:02 on 1/3/2026 std::set b",
      "Elapsed milliseconds measured at 12:30:03 on 1/3/2026 std::any c",
    ];
    expect(writeWithHeadings(lines)).toHaveLength(4);
    for (const line of writeWithHeadings(lines).slice(1))
      expect(line).toMatch(/^( 12:30:0\d std::\w+ \w|.* … on 1\/3\/2026 …)$/);
  });

  const word = fc.constantFrom(
    "a",
    "root",
    "2026-11-21",
    "12:30",
    "src/lib",
    "src/lib/x.ts",
    "…",
    "",
    "  ",
    "/",
    "INFO",
  );
  const line = fc
    .tuple(fc.constantFrom("", " ", "    "), fc.array(word, { maxLength: 7 }))
    .map(([i, w]) => i + w.join(" "));

  it("is undone by filling each line into its heading, and changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const written = writeWithHeadings(lines);
        if (written.length !== lines.length) expect(expandHeadings(written.join("\n"))).toBe(lines.join("\n"));
        else expect(written).toEqual(lines);
        expect(writeWithHeadings(written)).toEqual(written);
      }),
      { numRuns: 2000 },
    );
  });
});
