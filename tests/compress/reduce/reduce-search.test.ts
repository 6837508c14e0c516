import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceSearch } from "../../../src/compress/reduce/reduce-search.js";
import { expandHeadings } from "./expand-headings.js";
import { lawsOfLineReducers, reduceText, writeChoice, writeWhole } from "./line-reducer-laws.js";

const grep = [
  "src/compress/draft.ts:12:export interface Unit {",
  "src/compress/draft.ts-13-  readonly start: number;",
  "--",
  "src/compress/draft.ts:40:  readonly units: readonly Unit[];",
  "src/compress/types.ts:4:export const kinds = [",
  "src/compress/context.ts:7:  readonly rules: TextRules;",
  "README.md:3:Keep a Unit whole",
  "",
].join("\n");

/** The inverse of `rg --heading`: lines that start with a number get the path above them back. */
function expandPaths(text: string): string {
  let path = "";
  return text
    .split("\n")
    .flatMap((line, at, lines) => {
      const short = /^(\d+)([:-])/.exec(line);
      if (short) return path + short[2] + line;
      if (line === "--") return line;
      path = line;
      return /^\d+[:-]/.test(lines[at + 1] ?? "") ? [] : line;
    })
    .join("\n");
}

describe("reduceSearch", () => {
  lawsOfLineReducers(reduceSearch);

  it("writes a file's lines under its path, and other paths under their folder", async () => {
    expect(await writeWhole(reduceSearch, grep)).toBe(
      [
        "src/compress/draft.ts",
        "12:export interface Unit {",
        "13-  readonly start: number;",
        "--",
        "40:  readonly units: readonly Unit[];",
        "src/compress/…",
        " types.ts:4:export const kinds = [",
        " context.ts:7:  readonly rules: TextRules;",
        "README.md:3:Keep a Unit whole",
        "",
      ].join("\n"),
    );
  });

  const files = fc.constantFrom("src/a/one.ts", "src/a/two-3-x.ts", "src/b.ts", "lib/deep/er/c.js", "HEAD:docs/x.md");
  const found = fc.tuple(
    files,
    fc.nat(300),
    fc.constantFrom("const a = 1;", "  return x", "error: no", "", "7:8", " …"),
  );

  it("is undone by giving each line its path back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(found, { minLength: 1, maxLength: 40 }), async (matches) => {
        const text = matches
          .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
          .map(([path, number, content]) => `${path}:${number}:${content}`.trimEnd())
          .filter((line, at, lines) => line !== lines[at - 1])
          .join("\n");
        expect(expandPaths(expandHeadings(await writeWhole(reduceSearch, text)))).toBe(text);
      }),
    );
  });

  it("keeps the first match of every file above every further one, and those above lines around them", async () => {
    const { units, noun } = await reduceText(reduceSearch, grep);
    const [first, context, , further, second, third] = units.map(({ priority }) => priority);
    expect(Math.min(first!, second!, third!)).toBeGreaterThan(further!);
    expect(further).toBeGreaterThan(context!);
    expect(units[1]!.parent).toBe(0);
    expect(noun).toBe("lines");
  });

  it("calls what goes by its name, and writes the path before what is left of a file", async () => {
    const text = Array.from({ length: 9 }, (_, at) => `src/compress/reduce/reduce-log.ts:${at + 1}:word ${at}\n`).join(
      "",
    );
    const { written } = await writeChoice(reduceSearch, text, (index) => index < 2);
    expect(written).toBe("src/compress/reduce/reduce-log.ts\n1:word 0\n2:word 1\n[…7 matches]\n");
    const paths = await writeChoice(reduceSearch, "src/a/one.ts\nsrc/a/two.ts\nsrc/a/three.ts\n", () => false);
    expect(paths.written).toBe("[…3 paths]\n");
  });

  it("leaves the output of rg --heading as it is", async () => {
    const text = "src/a.ts\n1:one\n2:two\n\nsrc/b.ts\n1:one\n";
    expect(await writeWhole(reduceSearch, text)).toBe(text);
  });
});
