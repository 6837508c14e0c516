import Table from "cli-table3";
import { qualityCases } from "../../../bench/quality/list-cases.js";
import type { QualityRow } from "../../../bench/quality/quality-case.js";
import { outputColours } from "../../terminal/terminal-colours.js";

const head = ["texts", "compressor", "asked", "tokens kept", "measure", "figure", "95 % interval", "of"];

/** The figures of each case as a table under its title. */
export function drawQuality(tables: ReadonlyMap<string, readonly QualityRow[]>): string {
  const colours = outputColours();
  return qualityCases
    .filter(({ name }) => tables.has(name))
    .map(({ name, title }) => {
      const table = new Table({ head, style: { head: [], border: [] } });
      for (const row of tables.get(name)!) table.push(cellsOf(row));
      return `\n${colours.bold(title)}  (${name})\n${table.toString()}\n`;
    })
    .join("");
}

function cellsOf({
  texts,
  contender,
  asked,
  kept,
  measure,
  value,
  low,
  high,
  documents,
  wanted,
}: QualityRow): string[] {
  return [
    texts,
    contender,
    asked === undefined ? "" : String(asked),
    kept === undefined ? "" : `${(kept * 100).toFixed(1)} %`,
    measure,
    value.toFixed(3),
    low === undefined || high === undefined ? "" : `${low.toFixed(3)} to ${high.toFixed(3)}`,
    wanted === documents ? `${documents} texts` : `${Math.round(wanted)} in ${documents} texts`,
  ];
}
