import Table from "cli-table3";
import { histogramOf } from "../../../bench/latency/histogram.js";
import type { LatencyCase } from "../../../bench/latency/measure-calls.js";
import type { LatencyReport } from "../../../bench/latency/measure-latency.js";
import { formatCount } from "../../terminal/summarize-result.js";
import { outputColours } from "../../terminal/terminal-colours.js";

const blocks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** The reports as tables, one after another. */
export function drawLatency(machine: string, reports: readonly LatencyReport[]): string {
  return `${machine}, Node ${process.versions.node}\n${reports.map(drawReport).join("")}`;
}

function drawReport({ engine, scorer, cases, concurrent, cold }: LatencyReport): string {
  const colours = outputColours();
  const heading = colours.bold(`\nScorer ${scorer}, engine ${engine}`);
  const table = new Table({
    head: ["TOKENS", "CALLERS", "CALLS", "P50", "P95", "P99", "TOKENS/S", "SPREAD, RANGES 1.4x AS WIDE AS THE LAST"],
    style: { head: [], border: [] },
    colAligns: ["right", "right", "right", "right", "right", "right", "right", "left"],
  });
  for (const one of [...cases, ...concurrent]) table.push(drawCase(one));
  const processes =
    cold === undefined
      ? ""
      : `New process (median of ${cold.processes}, best): import ${formatTime(cold.import)}, ${formatTime(cold.best.import)}; ` +
        `first call ${formatTime(cold.firstCall)}, ${formatTime(cold.best.firstCall)}. ` +
        `After ${formatCount(cold.callsForMemory)} calls it holds ${Math.round(cold.residentMegabytes)} MB.\n`;
  return `${heading}\n${table.toString()}\n${processes}`;
}

function drawCase({ tokens, callers, calls, p50, p95, p99, tokensPerSecond, times }: LatencyCase): string[] {
  const { ends, counts } = histogramOf(times);
  const most = Math.max(...counts);
  const bars = counts.map((count) => (count === 0 ? " " : blocks[Math.ceil((count / most) * blocks.length) - 1]!));
  const spread = `${formatTime(ends[0]!)} ${bars.join("")} ${formatTime(Math.max(...times))}`;
  const figures = [tokens, callers, calls].map(formatCount);
  return [...figures, ...[p50, p95, p99].map(formatTime), formatCount(Math.round(tokensPerSecond)), spread];
}

function formatTime(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0)} ms`;
}
