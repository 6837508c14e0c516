import { escapeMarkup, percent } from "../../../report/plot-parts.js";
import { writePage } from "../../../report/write-page.js";
import { qualityCases } from "../list-cases.js";
import type { QualityReport } from "../measure-quality.js";
import type { QualityRow } from "../quality-case.js";
import { drawQualityPlots } from "./draw-quality-plots.js";

/** On what a report was measured. */
export interface Circumstances {
  readonly date: string;
  readonly data: string;
  readonly node: string;
  readonly machine: string;
}

/** All figures and their plots as one HTML file that fetches nothing. */
export function writeQualityReport({ rows, skipped, missingPeers }: QualityReport, on: Circumstances): string {
  const contenders = [...new Set(rows.map(({ contender }) => contender))];
  const sections = qualityCases
    .filter(({ name }) => rows.some((row) => row.case === name))
    .map(({ name, title }) => {
      const own = rows.filter((row) => row.case === name);
      return `<h2>${escapeMarkup(title)}</h2>\n${drawQualityPlots(own, contenders)}\n${drawTable(own)}`;
    });
  const missing = [
    ...skipped.map(({ name, reads }) => `${name}: the data has no ${reads.join(" and no ")}`),
    ...missingPeers.map((name) => `${name}: not installed`),
  ].map((each) => `<li>${escapeMarkup(each)}</li>`);
  const intro = `${on.date}, ${on.machine}, Node ${on.node}, data: ${on.data}. Beside every figure stands the share of the tokens that was kept for it; in brackets, its 95 % interval by bootstrap over documents.`;
  return writePage(
    "brevis bench quality",
    `<p>${escapeMarkup(intro)}</p>
${sections.join("\n")}
${missing.length === 0 ? "" : `<h2>Not measured</h2>\n<ul>${missing.join("")}</ul>`}`,
  );
}

const columns: readonly (readonly [heading: string, cell: (row: QualityRow) => string])[] = [
  ["texts", ({ texts }) => texts],
  ["compressor", ({ contender }) => contender],
  ["asked", ({ asked }) => (asked === undefined ? "" : String(asked))],
  ["tokens kept", ({ kept }) => (kept === undefined ? "" : percent(kept))],
  ["measure", ({ measure }) => measure],
  ["figure", ({ value, low, high }) => `${value.toFixed(3)}${intervalOf(low, high)}`],
  ["of", ({ documents, wanted }) => (wanted === documents ? `${documents}` : `${Math.round(wanted)} in ${documents}`)],
];

function intervalOf(low: number | undefined, high: number | undefined): string {
  return low === undefined || high === undefined ? "" : ` (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function drawTable(rows: readonly QualityRow[]): string {
  const headings = columns.map(([heading]) => `<th>${heading}</th>`);
  const body = rows.map((row) => {
    const cells = columns.map(([, cell]) => `<td>${escapeMarkup(cell(row))}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  const caption = `<summary>${rows.length} figures</summary>`;
  return `<details>${caption}<div class="scroll"><table><thead><tr>${headings.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div></details>`;
}
