import type { Interval } from "../figures/bootstrap.js";
import type { CompressorReport } from "../figures/build-report.js";

const size = { width: 640, height: 360, left: 56, right: 16, top: 16, bottom: 44 } as const;
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom } as const;
/** Told apart without colour vision too (Okabe and Ito, 2008). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"] as const;

/** The colour of the compressor at a place in the report. */
export function colourOf(index: number): string {
  return colours[index % colours.length]!;
}

/** Text for HTML and SVG. */
export function escapeMarkup(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/gu, (character) => entities[character]!);
}

/** What is left of the tokens against how much a share is preserved: up and to the left is better. One point a compressor, with intervals. */
export function drawRatePlot(
  reports: readonly CompressorReport[],
  shareOf: (report: CompressorReport) => Interval | undefined,
  title: string,
): string {
  const points = reports.flatMap((report, index) => {
    const [rate, share] = [report.overall.reduction, shareOf(report)];
    return rate === undefined || share === undefined ? [] : [{ report, index, rate: 1 - rate.value, share }];
  });
  const x = (rate: number) => size.left + Math.min(1, Math.max(0, rate)) * inner.width;
  const y = (share: number) => size.top + (1 - share) * inner.height;
  const marks = points.map(({ report, index, rate, share }) => {
    const colour = colourOf(index);
    const label = `${report.name}: ${percent(rate)} of the tokens, ${percent(share.value)} (${percent(share.low)} to ${percent(share.high)})`;
    return `<g><title>${escapeMarkup(label)}</title><line x1="${x(rate).toFixed(1)}" x2="${x(rate).toFixed(1)}" y1="${y(share.low).toFixed(1)}" y2="${y(share.high).toFixed(1)}" stroke="${colour}" stroke-width="2"/><circle cx="${x(rate).toFixed(1)}" cy="${y(share.value).toFixed(1)}" r="5" fill="${colour}"/></g>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks.map(
    (tick) =>
      `${gridLine(y(tick))}${label(size.left - 8, y(tick) + 4, percent(tick), "end")}${label(x(tick), size.height - 24, percent(tick), "middle")}`,
  );
  return frame(title, [
    ...grid,
    label(size.left + inner.width / 2, size.height - 6, "tokens left", "middle"),
    ...marks,
  ]);
}

/** How long calls took, in bins of equal ratio. One outline a compressor. */
export function drawLatencyPlot(reports: readonly CompressorReport[], title: string): string {
  const all = reports.flatMap(({ latencies }) => latencies).filter((latency) => latency > 0);
  if (all.length === 0) return "";
  const low = Math.floor(Math.log10(Math.min(...bounds(all))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...bounds(all)))));
  const bins = 8 * (high - low);
  const x = (logarithm: number) => size.left + ((logarithm - low) / (high - low)) * inner.width;
  const outlines = reports.map(({ name, latencies }, index) => {
    const counts = new Array<number>(bins).fill(0);
    for (const latency of latencies) {
      const bin = Math.floor(((Math.log10(Math.max(latency, 10 ** low)) - low) / (high - low)) * bins);
      counts[Math.min(bins - 1, bin)]!++;
    }
    const highest = Math.max(...counts, 1);
    const steps = counts.map((count, bin) => {
      const height = size.top + (1 - count / highest) * inner.height;
      return `H${x(low + (bin * (high - low)) / bins).toFixed(1)}V${height.toFixed(1)}`;
    });
    const end = `H${x(high).toFixed(1)}V${size.top + inner.height}`;
    return `<path d="M${size.left} ${size.top + inner.height}${steps.join("")}${end}" fill="${colourOf(index)}" fill-opacity="0.12" stroke="${colourOf(index)}"><title>${escapeMarkup(name)}</title></path>`;
  });
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  const marks = ticks.map((tick) =>
    label(x(tick), size.height - 24, `${Number((10 ** tick).toPrecision(1))} ms`, "middle"),
  );
  return frame(title, [
    gridLine(size.top + inner.height),
    ...marks,
    label(size.left + inner.width / 2, size.height - 6, "milliseconds a call", "middle"),
    ...outlines,
  ]);
}

/** The smallest and the largest, without spreading a long list into arguments. */
function bounds(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0]!, values[0]!],
  );
}

function frame(title: string, parts: readonly string[]): string {
  return `<figure><figcaption>${escapeMarkup(title)}</figcaption><svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeMarkup(title)}">${parts.join("")}</svg></figure>`;
}

function gridLine(y: number): string {
  return `<line x1="${size.left}" x2="${size.left + inner.width}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="currentColor" stroke-opacity="0.15"/>`;
}

function label(x: number, y: number, text: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="11" fill="currentColor">${escapeMarkup(text)}</text>`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
