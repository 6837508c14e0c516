import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { makeFolder, runBrevis } from "./run-brevis.js";

const latencyCase = z.object({
  tokens: z.int(),
  callers: z.int(),
  calls: z.int(),
  p50: z.number().positive(),
  p95: z.number().positive(),
  p99: z.number().positive(),
  tokensPerSecond: z.number().positive(),
});
const reportSchema = z.object({
  engine: z.enum(["none", "cpu", "mlx"]),
  scorer: z.string(),
  machine: z.string(),
  cases: z.array(latencyCase),
  concurrent: z.array(latencyCase),
  cold: z.object({
    import: z.number().positive(),
    firstCall: z.number().positive(),
    residentMegabytes: z.number().positive(),
    best: z.object({ import: z.number().positive(), firstCall: z.number().positive() }),
    processes: z.int(),
  }),
  others: z.array(z.unknown()),
});

describe("brevis bench latency", () => {
  it("measures each size with one caller and with many, and new processes, as JSON", async () => {
    const args = ["--sizes", "200", "60", "--calls", "3", "--callers", "2", "--processes", "1", "--engine", "none"];
    const { code, stdout, stderr } = await runBrevis(["bench", "latency", ...args, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { engine, cases, concurrent, cold, others } = reportSchema.parse(JSON.parse(stdout));
    // Of one process the best is the median.
    expect(cold).toMatchObject({ processes: 1, best: { import: cold.import, firstCall: cold.firstCall } });
    expect([engine, others]).toEqual(["none", []]);
    const shape = (each: z.infer<typeof latencyCase>) => [each.tokens, each.callers, each.calls];
    expect(cases.map(shape)).toEqual([
      [60, 1, 3],
      [200, 1, 3],
    ]);
    expect(concurrent.map(shape)).toEqual([
      [60, 2, 3],
      [200, 2, 3],
    ]);
  });

  it("prints tables, of the user's own text where it is given", async () => {
    const sentences = Array.from({ length: 400 }, (_, at) => `Pump ${at} was checked by the crew of hall ${at % 7}.`);
    const folder = makeFolder({ "log.txt": sentences.join(" ") });
    const args = ["--sizes", "50", "--calls", "5", "--processes", "0", "--engine", "none"];
    const { code, stdout } = await runBrevis(["bench", "latency", ...args, "--input", `${folder}/log.txt`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Scorer linear, engine none/u);
    expect(stdout).toMatch(/50 │ +8 │ +5 │/u);
  });

  it("says that a file is too short for what is asked", async () => {
    const folder = makeFolder({ "short.txt": "Two words." });
    const { code, stderr } = await runBrevis(["bench", "latency", "--sizes", "50", "--input", `${folder}/short.txt`]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Expected text for at least 8 calls of 50 tokens but the input has enough for 0/u);
  });

  it("is what scripts/latency-bench.ts runs", () => {
    const root = join(import.meta.dirname, "..", "..");
    execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-b", "scripts"], { cwd: root });
    const args = ["--sizes", "50", "--calls", "3", "--processes", "0", "--engine", "none", "--json"];
    const program = join(root, "build", "scripts", "latency-bench.js");
    const printed = execFileSync(process.execPath, [program, ...args], { encoding: "utf8" });
    expect(reportSchema.omit({ cold: true }).parse(JSON.parse(printed)).cases).toMatchObject([
      { tokens: 50, calls: 3 },
    ]);
  }, 60_000);
});
