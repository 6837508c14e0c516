// Runs the benchmarks that have been compiled to build/bench, on the data in the folder that DATA names.
// A benchmark whose data is not there is skipped by name. Results: build/bench/results/NAME.json
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.DATA ?? "data/samples";
const benchmarks = [
  { name: "classification", reads: [] },
  { name: "tool-outputs", reads: ["tool_outputs.jsonl"] },
  { name: "logs", reads: ["logs_loghub.jsonl"] },
  { name: "memory", reads: ["tool_outputs.jsonl"] },
  { name: "latency", reads: ["tool_outputs.jsonl", "logs_loghub.jsonl"] },
];

for (const { name, reads } of benchmarks) {
  const missing = reads.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) {
    console.log(`skipped: ${name}, because ${folder} has no ${missing.join(" and no ")}.`);
    continue;
  }
  const { status } = spawnSync(process.execPath, [`build/bench/${name}.js`], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}

const { status } = spawnSync(process.execPath, ["dist/cli/main.js", "bench", "quality", "--data", folder], {
  stdio: "inherit",
});
if (status !== 0) process.exitCode = 1;
