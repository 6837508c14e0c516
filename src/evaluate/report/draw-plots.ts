import {
  colourOf,
  escapeMarkup,
  frame,
  gridLine,
  inner,
  label,
  markPoint,
  shareGrid,
  size,
} from "../../report/plot-parts.js";
import type { Interval } from "../figures/bootstrap.js";
import type { CompressorReport } from "../figures/build-report.js";

/** What is left of the tokens against how much a share is preserved: up and to the left is better. One point a compressor, with intervals. */
export function drawRatePlot(
  reports: readonly CompressorReport[],
  shareOf: (report: CompressorReport) => Interval | undefined,
  title: string,
): string {
  const marks = reports.flatMap((report, index) => {
    const [rate, share] = [report.overall.reduction, shareOf(report)];
    return rate === undefined || share === undefined
      ? []
      : [markPoint(report.name, colourOf(index), 1 - rate.value, share)];
  });
  return frame(title, [...shareGrid("tokens left"), ...marks]);
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
