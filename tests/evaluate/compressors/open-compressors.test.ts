import { describe, expect, it } from "vitest";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { openCompressor } from "../../../src/evaluate/compressors/open-compressors.js";

const counter = await loadTokenCounter();
const tools = { counter, seed: 1, commandTimeout: 5000 };
const text = Array.from({ length: 60 }, (_, index) => `word${index} and the other things of it`).join(". ");
const run = (name: string) => openCompressor(name, tools).compress(text);

describe("openCompressor", () => {
  it.each(["truncate:0.5", "random:0.5", "brevis:0.5", "brevis:balanced"])("%s keeps to its rate", async (name) => {
    const compressed = await run(name);
    expect(counter.count(compressed)).toBeLessThanOrEqual(counter.count(text) * 0.5 + 1);
    expect(counter.count(compressed)).toBeGreaterThan(counter.count(text) * 0.3);
    expect(await run(name)).toBe(compressed);
  });

  it("truncates at the end, and drops words in their order", async () => {
    expect(text.startsWith(await run("truncate:0.3"))).toBe(true);
    const kept = (await run("random:0.3")).split(/\s+/u).filter((word) => word.startsWith("word"));
    const numbers = kept.map((word) => Number.parseInt(word.slice(4), 10));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it("runs a peer's command, colons and all", async () => {
    expect(await openCompressor("cmd:sed 's:b:x:g'", tools).compress("a b")).toBe("a x");
  });

  it("says what a failing command said, and ends one that does not end", async () => {
    const failing = openCompressor("cmd:echo no such model >&2; exit 3", tools).compress(text);
    await expect(failing).rejects.toMatchObject({
      code: "remote-failed",
      message: expect.stringContaining("no such model"),
    });
    const endless = openCompressor("cmd:sleep 60", { ...tools, commandTimeout: 50 }).compress(text);
    await expect(endless).rejects.toMatchObject({ message: expect.stringContaining("more than 50 ms") });
  });

  it.each(["truncate", "truncate:2", "brevis:fast", "cmd:", "zip:0.5"])("refuses %s", (name) => {
    expect(() => openCompressor(name, tools)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
