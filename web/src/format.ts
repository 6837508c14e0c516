/** Figures as the page shows them. */

const whole = new Intl.NumberFormat("en");

export function formatCount(count: number): string {
  return whole.format(count);
}

export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** How much less the second is than the first: `−54 %`, or `+3 %` where it is more. */
export function formatChange(before: number, after: number): string {
  if (before === 0) return "±0 %";
  const percent = Math.round((100 * (after - before)) / before);
  return percent === 0 ? "±0 %" : `${percent < 0 ? "−" : "+"}${Math.abs(percent)} %`;
}

export function formatMilliseconds(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

/** US dollars, with as many places as a price for few tokens needs. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return "$0";
  const places = dollars >= 1 ? 2 : dollars >= 0.01 ? 4 : 6;
  return `$${dollars.toFixed(places)}`;
}
