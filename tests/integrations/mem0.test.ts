import { describe, expect, it } from "vitest";
import { loadTokenCounter } from "../../src/engine/tokens/load-token-counter.js";
import { compressMem0 } from "../../src/integrations/mem0/index.js";
import { packResults } from "../../src/integrations/mem0/pack-results.js";
import { hasMem0, openMem0 } from "./open-mem0.js";

const log = `${Array.from({ length: 120 }, (_, at) => `2026-11-21 10:${10 + (at % 50)}:07 INFO worker-${at % 4} finished job ${1000 + at} in ${at % 30} ms`).join("\n")}
2026-11-21 11:00:00 ERROR worker-3 the amber valve refused\n`;
const options = { userId: "ada", infer: false };
const search = { filters: { user_id: "ada" }, threshold: 0, topK: 50 };

describe.skipIf(!hasMem0)("a Memory of mem0", () => {
  it("keeps long texts short and short ones as they are, found by its own search", async () => {
    const plain = openMem0();
    const memory = compressMem0(plain, { compress: { rate: 0.3, kind: "log" } });
    const { results } = await memory.add(log, options);
    await memory.add("Ada drinks tea.", options);
    expect(results[0]!.memory).toContain("the amber valve refused");
    expect(results[0]!.memory.length).toBeLessThan(0.5 * log.length);
    const found = await memory.search("valve", search);
    expect(found.results.map(({ memory: text }) => text)).toEqual(
      expect.arrayContaining(["Ada drinks tea.", results[0]!.memory]),
    );
    expect(await plain.search("valve", search)).toEqual(found);
  });

  it("lets the model that looks for memories read less", async () => {
    const whole: string[] = [];
    const less: string[] = [];
    const messages = [
      { role: "user", content: log },
      { role: "assistant", content: log.replaceAll("job", "task") },
      { role: "user", content: "Remember that." },
    ];
    await openMem0(whole).add(messages, { userId: "ada" });
    await compressMem0(openMem0(less), { compress: { rate: 0.3, kind: "log" } }).add(messages, { userId: "ada" });
    expect(less.join("").length).toBeLessThan(whole.join("").length - 0.5 * log.length);
    expect(less.join("")).toContain("Remember that.");
    expect(messages[0]!.content).toBe(log);
  });

  it("packs what its search finds into a budget", async () => {
    const memory = compressMem0(openMem0(), { compress: { rate: 0.9 } });
    for (let at = 0; at < 12; at++) await memory.add(`Note ${at}: Ada drinks tea number ${at}.`, options);
    await memory.add(log, options);
    const counter = await loadTokenCounter(undefined);
    for (const budget of [0, 20, 60, 400, 5000]) {
      const packed = await memory.pack("tea", { budget, search });
      expect(packed.tokens.packed).toBe(counter.count(packed.text));
      expect(packed.tokens.packed).toBeLessThanOrEqual(budget);
      expect(packed.items.length + packed.left.length).toBe(13);
    }
    expect((await memory.pack("tea", { budget: 5000, search })).left).toEqual([]);
    await expect(memory.pack("tea", { budget: -1, search })).rejects.toThrow(/budget/u);
  });

  it("refuses what is no memory, and options that cannot be meant", () => {
    expect(() => compressMem0({} as never)).toThrow(/mem0/u);
    expect(() => compressMem0(openMem0(), { compress: { rate: 5 } })).toThrow(/rate/u);
  });
});

it("a memory that is too long for what is left of the budget is shortened to it, with the query in mind", async () => {
  const found = [
    { id: "1", memory: "Ada drinks tea.", score: 0.9 },
    { id: "2", memory: log, score: 0.8 },
    { id: "3", memory: "Ada has a cat.", score: 0.7 },
  ];
  const packed = await packResults(found, { query: "valve", budget: 600, target: undefined });
  expect(packed.items.map(({ id }) => id)).toContain("2");
  expect(packed.text).toContain("the amber valve refused");
  expect(packed.items[0]).toBe(found[0]);
  expect(packed.tokens.found).toBeGreaterThan(1500);
  expect(packed.tokens.packed).toBeLessThanOrEqual(600);
  const tight = await packResults(found, { query: "valve", budget: 20, target: undefined });
  expect(tight.left.map(({ id }) => id)).toEqual(["2"]);
});
