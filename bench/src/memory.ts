/** A simulated agent of 2,000 turns with `brevis/memory`: are planted facts found, and what does a task cost beside the whole history? */
import { openMemory } from "brevis/memory";
import { readRecords, type ToolOutput } from "./records.js";
import { reportTable } from "./report.js";
import { type Prices, simulateAgent, writeTurns } from "./simulate-agent.js";
import { percent } from "./statistics.js";

/** Dollars a million tokens: a frontier model's list price, with its usual shares for what the prompt cache reads and writes. */
const prices: Prices = { input: 3, cacheRead: 0.3, cacheWrite: 3.75 };

const texts = readRecords<ToolOutput>("tool_outputs.jsonl")
  .map(({ text }) => text)
  .filter((text) => text.length < 6000 && text.includes("\n"));
const rows = [];
for (const budget of [1000, 2000, 4000]) {
  await using memory = await openMemory({ path: ":memory:" });
  const run = await simulateAgent(memory, writeTurns(texts, 2000), { budget, prices });
  const { tokens } = await memory.stats();
  rows.push({
    budget,
    tasks: run.tasks,
    "largest context": run.largestContext,
    "fact's memory in the context": percent(run.found / run.tasks),
    "fact in its own words": percent(run.shown / run.tasks),
    "of all facts found": `${run.facts.found} of ${run.facts.planted}`,
    "and expanded": run.facts.expanded,
    "tokens kept": percent(tokens.stored / tokens.original),
    "dollars a task": run.cost.memory.toFixed(4),
    "with the whole history": run.cost.history.toFixed(4),
    "both without a cache": `${run.uncached.memory.toFixed(4)}, ${run.uncached.history.toFixed(4)}`,
    "tokens from the cache": `${percent(run.cached.memory)}, ${percent(run.cached.history)}`,
  });
  // What no run may break, whatever the budget.
  const isSound = run.largestContext <= budget && run.expanded === run.found && run.facts.expanded === run.facts.found;
  if (!isSound || run.cost.memory >= run.cost.history) process.exitCode = 1;
}
reportTable("memory", "2,000 turns of tool output, a fact in every tenth, a task in every twentieth", rows);
