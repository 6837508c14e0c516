import { openMemory } from "brevis/memory";
import { expect, it } from "vitest";
import { simulateAgent, writeTurns } from "../../bench/src/simulate-agent.js";
import { generateSyntheticPairs } from "../../src/generate/synthetic/generate-synthetic-pairs.js";

it("an agent of 500 turns finds every planted fact in a context within its budget, and can expand it", async () => {
  const texts: string[] = [];
  const scenarios = ["cicd_log", "search_result", "bash_output", "news_aggregate"];
  for await (const [pair] of generateSyntheticPairs({ texts: 60, seed: 1, scenarios })) texts.push(pair!.verbose);
  const memory = await openMemory({ path: ":memory:" });
  const prices = { input: 3, cacheRead: 0.3, cacheWrite: 3.75 };
  const run = await simulateAgent(memory, writeTurns(texts, 500), { budget: 1500, prices });
  expect(run.tasks).toBe(24);
  expect(run.largestContext).toBeLessThanOrEqual(1500);
  expect([run.found, run.expanded]).toEqual([24, 24]);
  expect(run.facts).toEqual({ planted: 50, found: 50, expanded: 50 });
  expect(run.cost.memory).toBeLessThan(run.cost.history);
  expect(run.uncached.memory).toBeLessThan(run.uncached.history);
  expect(run.cached.history).toBeGreaterThan(run.cached.memory);
  await memory.close();
}, 120_000);
