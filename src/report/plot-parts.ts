/** Sizes in units of the picture's viewBox. */
export const size = { width: 640, height: 360, left: 56, right: 16, top: 16, bottom: 44 } as const;
/** What is left between the margins. */
export const inner = {
  width: size.width - size.left - size.right,
  height: size.height - size.top - size.bottom,
} as const;
/** Told apart without colour vision too (Okabe and Ito, 2008). */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"] as const;

/** The colour of the series at a place in a report. */
export function colourOf(index: number): string {
  return colours[index % colours.length]!;
}

/** Text for HTML and SVG. */
export function escapeMarkup(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/gu, (character) => entities[character]!);
}

/** A share in per cent, to a tenth. */
export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** Where a share of 0 to 1 lies on the horizontal axis. */
export function acrossOf(share: number): number {
  return size.left + Math.min(1, Math.max(0, share)) * inner.width;
}

/** Where a share of 0 to 1 lies on the vertical axis. */
export function heightOf(share: number): number {
  return size.top + (1 - share) * inner.height;
}

/** Lines and labels at quarters of both axes. */
export function shareGrid(across: string): string[] {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      `${gridLine(heightOf(tick))}${label(size.left - 8, heightOf(tick) + 4, percent(tick), "end")}${label(acrossOf(tick), size.height - 24, percent(tick), "middle")}`,
  );
  return [...ticks, label(size.left + inner.width / 2, size.height - 6, across, "middle")];
}

/** A point with its interval as a line through it, named when pointed at. */
export function markPoint(
  name: string,
  colour: string,
  rate: number,
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
): string {
  const x = acrossOf(rate).toFixed(1);
  const title = `${name}: ${percent(rate)} of the tokens, ${percent(value)} (${percent(low)} to ${percent(high)})`;
  return `<g><title>${escapeMarkup(title)}</title><line x1="${x}" x2="${x}" y1="${heightOf(low).toFixed(1)}" y2="${heightOf(high).toFixed(1)}" stroke="${colour}" stroke-width="2"/><circle cx="${x}" cy="${heightOf(value).toFixed(1)}" r="4.5" fill="${colour}"/></g>`;
}

/** A picture with a title, that screen readers name by it. */
export function frame(title: string, parts: readonly string[]): string {
  return `<figure><figcaption>${escapeMarkup(title)}</figcaption><svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeMarkup(title)}">${parts.join("")}</svg></figure>`;
}

/** A line across the picture. */
export function gridLine(y: number): string {
  return `<line x1="${size.left}" x2="${size.left + inner.width}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="currentColor" stroke-opacity="0.15"/>`;
}

/** Text in the picture. */
export function label(x: number, y: number, text: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="11" fill="currentColor">${escapeMarkup(text)}</text>`;
}
