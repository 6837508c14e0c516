import type { DensityPoint, PerfevalSummary, Statistics } from "./summarize-trials.js";

/** What a report says of its making. */
export interface ReportFacts {
  readonly brain: string;
  readonly briefs: number;
  readonly runs: number;
}

const head = [
  "pipeline",
  "trials",
  "failed",
  "ratio mean",
  "min",
  "max",
  "stddev",
  "retention mean",
  "min",
  "max",
  "stddev",
  "score mean",
];

/** An evaluation as Markdown. */
export function writeMarkdownReport(summary: PerfevalSummary, facts: ReportFacts): string {
  const rows = tableRows(summary).map((cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`);
  const points = summary.points.map(
    ({ brief, density, ratio }) => `| ${escapeMarkdown(brief)} | ${density.toFixed(1)} | ${times(ratio)} |`,
  );
  return [
    "# Briefs: pipelines compared",
    "",
    describeFacts(summary, facts),
    "",
    `| ${head.join(" | ")} |`,
    `|${" --- |".repeat(head.length)}`,
    ...rows,
    "",
    "## Density and ratio",
    "",
    describeCorrelation(summary),
    "",
    "| brief | tokens a kernel | mean ratio |",
    "| --- | --- | --- |",
    ...points,
    "",
  ].join("\n");
}

/** The same as a page that needs nothing else: no script, no style sheet, no network. */
export function writeHtmlReport(summary: PerfevalSummary, facts: ReportFacts): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Briefs: pipelines compared</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #ccc; text-align: right }
th:first-child, td:first-child { text-align: left; font-family: ui-monospace, monospace }
svg { max-width: 100%; height: auto }
</style>
</head>
<body>
<h1>Briefs: pipelines compared</h1>
<p>${escapeHtml(describeFacts(summary, facts))}</p>
<div style="overflow-x: auto"><table>
<thead>${cells(head, "th")}</thead>
<tbody>
${tableRows(summary)
  .map((row) => cells(row, "td"))
  .join("\n")}
</tbody>
</table></div>
<h2>Density and ratio</h2>
<p>${escapeHtml(describeCorrelation(summary))}</p>
${drawPoints(summary.points)}
</body>
</html>
`;
}

function tableRows({ pipelines }: PerfevalSummary): string[][] {
  return pipelines.map(({ pipeline, trials, failed, ratio, retention, score }) => [
    pipeline,
    String(trials),
    String(failed),
    ...statisticCells(ratio, times),
    ...statisticCells(retention, (value) => value.toFixed(3)),
    score.mean.toFixed(2),
  ]);
}

function statisticCells({ mean, min, max, stddev }: Statistics, write: (value: number) => string): string[] {
  return [write(mean), write(min), write(max), stddev.toFixed(3)];
}

function describeFacts({ cost }: PerfevalSummary, { brain, briefs, runs }: ReportFacts): string {
  const price = cost === null ? "the cost is not known" : `the cost was $${cost.toFixed(4)}`;
  return `${briefs} briefs, ${runs} runs each, by ${brain}; ${price}. Ratio is tokens of a brief over tokens of its compressed form, retention the share of its kernels that are left, score their product; stddev is that of a sample.`;
}

function describeCorrelation({ correlation, points }: PerfevalSummary): string {
  if (correlation === undefined)
    return `Too few briefs (${points.length}), or too little between them, for a correlation.`;
  return `Over ${points.length} briefs, tokens a kernel and mean ratio correlate by ${correlation.toFixed(2)} (Pearson).`;
}

const size = { width: 640, height: 360, margin: 48 };

/** A scatter plot. */
function drawPoints(points: readonly DensityPoint[]): string {
  const most = {
    x: Math.max(1, ...points.map(({ density }) => density)),
    y: Math.max(1, ...points.map(({ ratio }) => ratio)),
  };
  const place = ({ density, ratio }: DensityPoint) => ({
    x: size.margin + (density / most.x) * (size.width - 2 * size.margin),
    y: size.height - size.margin - (ratio / most.y) * (size.height - 2 * size.margin),
  });
  const dots = points.map((point) => {
    const { x, y } = place(point);
    const title = `${point.brief}: ${point.density.toFixed(1)} tokens a kernel, ${times(point.ratio)}`;
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" fill="#1f5fbf"><title>${escapeHtml(title)}</title></circle>`;
  });
  const bottom = size.height - size.margin;
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Mean ratio over tokens a kernel, a dot for each brief">
<path d="M${size.margin} ${size.margin}V${bottom}H${size.width - size.margin}" fill="none" stroke="#666"/>
<text x="${size.width / 2}" y="${size.height - 12}" text-anchor="middle">tokens a kernel (to ${most.x.toFixed(0)})</text>
<text x="14" y="${size.height / 2}" text-anchor="middle" transform="rotate(-90 14 ${size.height / 2})">mean ratio (to ${times(most.y)})</text>
${dots.join("\n")}
</svg>`;
}

function times(value: number): string {
  return `${value.toFixed(2)}x`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}

function escapeMarkdown(text: string): string {
  return text.replace(/[|\n]/gu, (character) => (character === "|" ? "\\|" : " "));
}
