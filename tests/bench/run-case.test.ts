/** How `npm run bench:peers` compares: with contenders whose times are known. */
import { describe, expect, it } from "vitest";
import type { BenchCase } from "../../bench/src/engine-peers/bench-cases.js";
import type { ContenderSpec } from "../../bench/src/engine-peers/contender.js";
import { runCase } from "../../bench/src/engine-peers/run-case.js";

const spec = (engine: "brevis" | "onnxruntime", label: string) =>
  ({ engine, label, task: "prefill", tokens: 1, vocabulary: 1, model: "" }) as ContenderSpec;

/** Contenders by label: how long each run takes, the warm-up first, over and over from the third on. */
function createRace(times: Record<string, readonly number[]>, outputs: Record<string, readonly number[]> = {}) {
  const log: string[] = [];
  const start = async (given: ContenderSpec) => {
    const own = times[given.label]!;
    let count = 0;
    return {
      spec: given,
      description: `description of ${given.label}`,
      async run(runs: number) {
        log.push(given.label);
        return Array.from({ length: runs }, () => own[Math.min(count++, own.length - 1)]!);
      },
      output: async () => Float32Array.from(outputs[given.label] ?? [1, 2, 3, 4]),
      async stop() {
        log.push(`stop ${given.label}`);
      },
    };
  };
  const benchCase: BenchCase = {
    name: "race",
    unit: "ms",
    target: 0.5,
    rounds: 3,
    runs: 1,
    tolerance: 0.25,
    contenders: () =>
      Object.keys(times).map((label) => spec(label.startsWith("ours") ? "brevis" : "onnxruntime", label)),
  };
  return { log, run: (rounds?: number) => runCase(benchCase, rounds, start) };
}

describe("a comparison", () => {
  it("lets contenders run in turns, after a trial that drops slow settings", async () => {
    const { log, run } = createRace({ ours: [90, 4], fast: [99, 10], close: [99, 12], slow: [99, 14] });
    await run(2);
    const trial = ["ours", "ours", "fast", "fast", "close", "close", "slow", "slow"];
    const rounds = ["ours", "fast", "close", "ours", "fast", "close"];
    expect(log).toEqual([...trial, ...rounds, "stop ours", "stop fast", "stop close", "stop slow"]);
  });

  it("takes medians of the rounds, and the fastest settings of each side", async () => {
    const { run } = createRace({
      "ours, slower": [1, 7, 7],
      ours: [1, 6, 5, 9, 4],
      theirs: [1, 10, 10, 40, 8],
      "theirs, lucky once": [1, 9, 12, 7, 12],
    });
    expect(await run()).toMatchObject({
      name: "race",
      ours: { label: "ours", median: 5, best: 4, description: "description of ours" },
      theirs: { label: "theirs", median: 10, best: 8 },
      ratio: 0.5,
      ratioOfBest: 0.5,
      passed: true,
      disagreement: 0,
    });
  });

  it("misses a target by little", async () => {
    expect(await createRace({ ours: [1, 5.1], theirs: [1, 10] }).run()).toMatchObject({ ratio: 0.51, passed: false });
  });

  it("refuses to compare engines that compute something else, and stops them", async () => {
    const race = createRace({ ours: [5], theirs: [10] }, { ours: [2, 1, 4, 3] });
    await expect(race.run()).rejects.toThrow("race: outputs differ by");
    expect(race.log.slice(-2)).toEqual(["stop ours", "stop theirs"]);
    await expect(createRace({ ours: [5], theirs: [10] }, { ours: [1] }).run()).rejects.toThrow("outputs differ");
    await expect(createRace({ ours: [5], theirs: [10] }, { ours: [Number.NaN, 2, 3, 4] }).run()).rejects.toThrow();
  });
});
