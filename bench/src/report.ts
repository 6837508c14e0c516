import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import Table from "cli-table3";

/** Prints a table and keeps its rows, with the machine and the commit, as build/bench/results/NAME.json. */
export function reportTable(name: string, title: string, rows: readonly Record<string, string | number>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  for (const row of rows) table.push(columns.map((column) => String(row[column])));
  console.log(`\n${title}\n${table.toString()}`);
  mkdirSync("build/bench/results", { recursive: true });
  writeFileSync(
    `build/bench/results/${name}.json`,
    `${JSON.stringify({ title, ...readCircumstances(), rows }, null, 2)}\n`,
  );
}

/** When, where and on which commit a benchmark runs. */
export function readCircumstances() {
  return {
    commit: commitOfTree(),
    date: new Date().toISOString(),
    machine: `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
  };
}

function commitOfTree(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
