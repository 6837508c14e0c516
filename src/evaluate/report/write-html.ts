import { colourOf, escapeMarkup } from "../../report/plot-parts.js";
import { writePage } from "../../report/write-page.js";
import type { Figures } from "../figures/build-figures.js";
import type { CompressorReport, EvaluationReport } from "../figures/build-report.js";
import { drawLatencyPlot, drawRatePlot } from "./draw-plots.js";
import { columns } from "./format-figures.js";

/** The report as one HTML file: styles and plots are inside, and nothing is fetched. */
export function writeHtml(report: EvaluationReport): string {
  const { compressors, models, texts, documents, bootstrap, notMeasured } = report;
  const share = Math.round(bootstrap.confidence * 100);
  const isJudged = compressors.some(({ overall }) => overall.equivalence !== undefined);
  const intro = `${texts} texts of ${documents} documents; models: ${models.length === 0 ? "none asked" : models.join(", ")}. In brackets: ${share} % intervals of ${bootstrap.resamples} resamples of the documents.`;
  return writePage(
    "brevis evaluate",
    `<p>${escapeMarkup(intro)}</p>
${drawTable(compressors.map((one, index) => [one.name, one.overall, colourOf(index)]))}
${drawMissing(notMeasured)}
${isJudged ? drawRatePlot(compressors, ({ overall }) => overall.equivalence, "Tokens left against equivalent answers") : ""}
${drawRatePlot(compressors, ({ overall }) => overall.mustKeep, "Tokens left against must-keep words kept")}
${drawLatencyPlot(compressors, "Latency of a call")}
${drawParts("By domain", compressors, ({ domains }) => domains)}
${drawParts("By model", compressors, ({ models: parts }) => parts)}`,
  );
}

type Row = readonly [name: string, figures: Figures, colour?: string];

function drawTable(rows: readonly Row[]): string {
  const head = ["compressor", ...columns.map(({ heading }) => heading)].map(
    (heading) => `<th>${escapeMarkup(heading)}</th>`,
  );
  const body = rows.map(([name, figures, colour]) => {
    const key = colour === undefined ? "" : `<span class="key" style="background:${colour}"></span>`;
    const cells = columns.map(({ cell }) => `<td>${escapeMarkup(cell(figures))}</td>`);
    return `<tr><td>${key}${escapeMarkup(name)}</td>${cells.join("")}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

function drawParts(
  title: string,
  compressors: readonly CompressorReport[],
  partsOf: (report: CompressorReport) => Readonly<Record<string, Figures>>,
): string {
  const rows = compressors.flatMap((report) =>
    Object.entries(partsOf(report)).map(([part, figures]): Row => [`${report.name}, ${part}`, figures]),
  );
  return rows.length === 0 ? "" : `<h2>${escapeMarkup(title)}</h2>\n${drawTable(rows)}`;
}

function drawMissing(missing: EvaluationReport["notMeasured"]): string {
  if (missing.length === 0) return "";
  const items = missing.map(({ what, reason }) => `<li>${escapeMarkup(what)}: ${escapeMarkup(reason)}</li>`);
  return `<h2>Not measured</h2>\n<ul>${items.join("")}</ul>`;
}
