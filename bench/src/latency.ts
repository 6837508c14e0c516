/** Latency of compress(): warm on 4 KB of tool output, on 1 MB of log, its growth with size, and from a cold start. */
import { execFileSync } from "node:child_process";
import { compress } from "brevis";
import { type LogChunk, readRecords, type ToolOutput } from "./records.js";
import { reportTable } from "./report.js";
import { milliseconds, quantileOf } from "./statistics.js";

async function time(text: string): Promise<number> {
  const startedAt = performance.now();
  await compress(text, { rate: 0.5 });
  return performance.now() - startedAt;
}

/** Import and first call in a process of its own. */
function timeColdStart(): number {
  const script = `const t = performance.now();
    const { compress } = await import("brevis");
    await compress(${JSON.stringify("The build failed: 3 of 412 tests did not pass.\n".repeat(80))}, { rate: 0.5 });
    console.log(performance.now() - t);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
}

const outputs = readRecords<ToolOutput>("tool_outputs.jsonl").filter(
  ({ text }) => text.length >= 3500 && text.length <= 4600,
);
const log = readRecords<LogChunk>("logs_loghub.jsonl")
  .map(({ text }) => text)
  .join("\n");
const logOf = (size: number) => log.repeat(Math.ceil(size / log.length)).slice(0, size);

for (const { text } of outputs) await time(text);
const warm: number[] = [];
for (let round = 0; round < 5; round++) for (const { text } of outputs) warm.push(await time(text));
const cold = Array.from({ length: 7 }, timeColdStart);
/** A row of the table; `size` in characters where the time is to be held against it. */
function row(name: string, times: readonly number[], size?: number) {
  const p50 = quantileOf(times, 0.5);
  return {
    case: name,
    p50: milliseconds(p50),
    p95: times.length > 1 ? milliseconds(quantileOf(times, 0.95)) : "-",
    "p50 for each MB": size === undefined ? "-" : milliseconds((p50 / size) * 1e6),
  };
}

const rows = [
  row(`4 KB of tool output, warm (${warm.length} calls)`, warm),
  row("import and first call (7 processes)", cold),
];
for (const size of [10e3, 100e3, 1e6, 10e6]) {
  const times: number[] = [];
  for (let round = 0; round < (size > 1e6 ? 1 : 5); round++) times.push(await time(logOf(size)));
  rows.push(row(`${size / 1e3} KB of log`, times, size));
}
reportTable("latency", "compress() at rate 0.5", rows);
