import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compress } from "../../src/index.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("the README's example", () => {
  it("is what compress() gives, with the tokens that it says", async () => {
    const example =
      /Before, (\d+) tokens:\n\n```\n(.*?)```\n\nAfter `brevis compress --rate ([\d.]+)`, (\d+) tokens:\n\n```\n(.*?)```/su;
    const [, before, source, rate, after, compressed] = example.exec(readme)!;
    const result = await compress(source!, { rate: Number(rate) });
    expect(result.text).toBe(compressed);
    expect(result.tokens).toMatchObject({ original: Number(before), compressed: Number(after) });
  });
});
