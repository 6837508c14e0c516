import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceLongLine } from "../../../src/compress/reduce/reduce-long-line.js";
import { reduceStructure } from "../../../src/compress/reduce/reduce-structure.js";
import { context } from "./line-reducer-laws.js";
import { runReducer } from "./run-reducer.js";

const minified = `./dist/app.min.js:1:${Array.from({ length: 200 }, (_, at) => `function f${at}(a,b){return a+b*${at}}`).join(";")}`;
const failing = minified.replace("return a+b*100", 'throw new Error("request failed")');

describe("reduceLongLine", () => {
  it("partitions any line and gives it back whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 900 }), fc.boolean(), async (text, hasBreak) => {
        const line = text.replaceAll("\n", " ") + (hasBreak ? "\n" : "");
        if (line === "") return;
        const { units, full } = await runReducer(reduceLongLine, line, "search");
        expect(full).toBe(line);
        expect(units.map(({ start }) => start)).toEqual([0, ...units.slice(0, -1).map(({ end }) => end)]);
        expect(units.at(-1)!.end).toBe(line.length);
      }),
    );
  });

  it("keeps what stands around evidence and says how much went", async () => {
    const { choose } = await runReducer(reduceLongLine, `${failing}\n`, "search");
    const { text, omitted } = choose((unit) => unit.floor);
    expect(text).toContain('throw new Error("request failed")');
    expect(text).toMatch(/^\[…\d+ characters\].*\[…\d+ characters\]\n$/u);
    expect(text.length).toBeLessThan(failing.length / 5);
    expect(omitted.reduce((sum, { count }) => sum + count, 0)).toBe(
      failing.length - text.replace(/\[….*?\]|\n/gu, "").length,
    );
  });

  it("ranks the start, which says where the line comes from, above the rest", async () => {
    const { units } = await runReducer(reduceLongLine, minified, "search");
    expect(units[0]!.priority).toBeGreaterThan(Math.max(...units.slice(1).map(({ priority }) => priority)));
  });
});

describe("reduceStructure", () => {
  it("sets long lines of line-based kinds apart, and covers the segment", async () => {
    const source = `./a.js:1:x\n${minified}\n./b.js:2:y\n`;
    expect(minified.length).toBeGreaterThan(800);
    const segment = { start: 0, end: source.length, kind: "search" as const };
    const reduced = await reduceStructure(source, [segment], context);
    expect(reduced.map(({ start, end }) => source.slice(start, end))).toEqual([
      "./a.js:1:x\n",
      `${minified}\n`,
      "./b.js:2:y\n",
    ]);
    expect(reduced[1]!.noun).toBe("characters");
  });
});
