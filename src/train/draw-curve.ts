import type { TrainingMetric } from "./run-folder.js";

const width = 720;
const height = 320;
const margin = { left: 56, right: 16, top: 24, bottom: 40 };

/** The losses of a run over its iterations as an SVG picture; `undefined` before there are any. */
export function drawCurve(name: string, metrics: readonly TrainingMetric[]): string | undefined {
  const series = (["train", "valid"] as const).map((event) => ({
    event,
    points: metrics.flatMap((metric) =>
      metric.event === event && typeof metric.loss === "number" && metric.iteration !== undefined
        ? [[metric.iteration, metric.loss] as const]
        : [],
    ),
  }));
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return undefined;
  const lastIteration = Math.max(1, ...points.map(([iteration]) => iteration));
  const highest = Math.max(...points.map(([, loss]) => loss)) * 1.05 || 1;
  const x = (iteration: number) => margin.left + (iteration / lastIteration) * (width - margin.left - margin.right);
  const y = (loss: number) => height - margin.bottom - (loss / highest) * (height - margin.top - margin.bottom);
  const lines = series
    .filter((each) => each.points.length > 0)
    .map(({ event, points: own }) => {
      const path = own.map(([iteration, loss]) => `${x(iteration).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
      const dash = event === "valid" ? "" : ' stroke-opacity="0.5"';
      return `<polyline fill="none" stroke="${colours[event]}" stroke-width="2"${dash} points="${path}"/>`;
    });
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    text(margin.left - 8, y(highest * share) + 4, (highest * share).toFixed(2), "end"),
    text(x(lastIteration * share), height - margin.bottom + 18, String(Math.round(lastIteration * share)), "middle"),
  ]);
  const legend = [
    text(width - margin.right, margin.top, "validation", "end", colours.valid),
    text(width - margin.right - 80, margin.top, "training", "end", colours.train),
    text(margin.left, margin.top - 8, `${escapeText(name)}: loss (nats a token) over iterations`, "start"),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${[...ticks, ...legend, ...lines].join("\n")}
</svg>
`;
}

const colours = { train: "#1f77b4", valid: "#d62728" };

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end", colour = "#333"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${content}</text>`;
}

function escapeText(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
