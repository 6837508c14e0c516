import Table from "cli-table3";
import type { Figures } from "../../../evaluate/figures/build-figures.js";
import type { EvaluationReport } from "../../../evaluate/figures/build-report.js";
import { columns } from "../../../evaluate/report/format-figures.js";
import { formatCount } from "../../terminal/summarize-result.js";
import { outputColours } from "../../terminal/terminal-colours.js";

/** The report for a terminal: all compressors, then by domain and by model where there are several. */
export function drawReport({
  compressors,
  texts,
  documents,
  models,
  notMeasured,
  bootstrap,
}: EvaluationReport): string {
  const share = Math.round(bootstrap.confidence * 100);
  const parts = [
    `${formatCount(texts)} texts of ${formatCount(documents)} documents; in brackets ${share} % intervals over documents`,
    drawTable(compressors.map(({ name, overall }) => [name, overall])),
  ];
  const domains = new Set(compressors.flatMap(({ domains: found }) => Object.keys(found)));
  if (domains.size > 1) {
    parts.push(drawTable(compressors.flatMap(({ name, domains: found }) => rowsOf(name, found))));
  }
  if (models.length > 1) parts.push(drawTable(compressors.flatMap(({ name, models: found }) => rowsOf(name, found))));
  for (const { what, reason } of notMeasured) parts.push(`Not measured: ${what} (${reason})`);
  return `${parts.join("\n\n")}\n`;
}

type Row = readonly [name: string, figures: Figures];

function rowsOf(name: string, parts: Readonly<Record<string, Figures>>): Row[] {
  return Object.entries(parts).map(([part, figures]) => [`${name}, ${part}`, figures]);
}

function drawTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ["compressor", ...columns.map(({ heading }) => heading)].map(outputColours().bold),
    colAligns: ["left", ...columns.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, figures] of rows) table.push([name, ...columns.map(({ cell }) => cell(figures))]);
  return table.toString();
}
