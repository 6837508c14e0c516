import { acrossOf, colourOf, escapeMarkup, frame, heightOf, markPoint, shareGrid } from "../../../report/plot-parts.js";
import type { QualityRow } from "../quality-case.js";

/**
 * Of each group of texts and measure the share of the tokens that was kept against the figure that was reached: one line a compressor
 * over the rates that were asked for, one point for those without a rate. Up and to the left is better.
 */
export function drawQualityPlots(rows: readonly QualityRow[], contenders: readonly string[]): string {
  const pictures = new Map<string, QualityRow[]>();
  for (const row of rows.filter(({ kept, value }) => kept !== undefined && value >= 0 && value <= 1)) {
    const name = `${row.texts}: ${row.measure}`;
    pictures.set(name, [...(pictures.get(name) ?? []), row]);
  }
  return [...pictures]
    .filter(([, own]) => hasCurve(own))
    .map(([title, own]) => {
      const series = contenders
        .map((name, index) => ({ name, colour: colourOf(index), points: own.filter((row) => row.contender === name) }))
        .filter(({ points }) => points.length > 0);
      const drawn = series.flatMap(({ name, colour, points }) => drawSeries(name, colour, points));
      return frame(title, [...shareGrid("tokens kept"), ...drawn]) + drawKey(series);
    })
    .join("\n");
}

/** Some compressor was measured at more than one rate: groups that were measured at one rate only stand in the table. */
function hasCurve(rows: readonly QualityRow[]): boolean {
  return rows.some((row) => rows.some(({ contender, asked }) => contender === row.contender && asked !== row.asked));
}

function drawSeries(name: string, colour: string, rows: readonly QualityRow[]): string[] {
  const points = rows
    .map(({ kept = 0, value, low = value, high = value }) => ({ kept, value, low, high }))
    .sort((a, b) => a.kept - b.kept);
  const path = points.map(({ kept, value }) => `${acrossOf(kept).toFixed(1)},${heightOf(value).toFixed(1)}`).join(" ");
  const line = `<polyline fill="none" stroke="${colour}" stroke-width="1.5" stroke-opacity="0.6" points="${path}"/>`;
  return [line, ...points.map(({ kept, ...figure }) => markPoint(name, colour, kept, figure))];
}

function drawKey(series: readonly { readonly name: string; readonly colour: string }[]): string {
  const entries = series.map(
    ({ name, colour }) => `<span class="key" style="background:${colour}"></span>${escapeMarkup(name)}`,
  );
  return `<p>${entries.join(" &nbsp; ")}</p>`;
}
