import type { Interval } from "../figures/bootstrap.js";
import type { Figures } from "../figures/build-figures.js";

/** What stands where there is no evidence. */
export const notMeasured = "not measured";

/** One column of the table: its heading and what stands in it. */
export interface Column {
  readonly heading: string;
  readonly cell: (figures: Figures) => string;
}

/** The columns of the mission's table, for the terminal and the HTML report alike. */
export const columns: readonly Column[] = [
  { heading: "fewer tokens", cell: ({ reduction }) => formatShare(reduction) },
  { heading: "must-keep kept", cell: ({ mustKeep }) => formatShare(mustKeep) },
  { heading: "equivalent", cell: ({ equivalence }) => formatShare(equivalence) },
  { heading: "transfer", cell: ({ transfer }) => formatShare(transfer) },
  { heading: "on all models", cell: ({ passOnAll }) => formatShare(passOnAll) },
  { heading: "p50 ms", cell: ({ latency }) => formatMilliseconds(latency.p50) },
  { heading: "p95 ms", cell: ({ latency }) => formatMilliseconds(latency.p95) },
  { heading: "cost", cell: ({ cost }) => formatCost(cost) },
];

function formatShare(interval: Interval | undefined): string {
  if (interval === undefined) return notMeasured;
  const percent = (share: number) => (share * 100).toFixed(1);
  return `${percent(interval.value)} % (${percent(interval.low)}–${percent(interval.high)})`;
}

function formatMilliseconds(interval: Interval | undefined): string {
  if (interval === undefined) return notMeasured;
  const digits = interval.value < 10 ? 2 : 0;
  return `${interval.value.toFixed(digits)} (${interval.low.toFixed(digits)}–${interval.high.toFixed(digits)})`;
}

/** What the compressed texts cost, and the difference to the verbose ones. */
function formatCost(cost: Figures["cost"]): string {
  if (cost === undefined) return notMeasured;
  const change = cost.verbose === 0 ? 0 : 1 - cost.compressed / cost.verbose;
  return `$${cost.compressed.toFixed(2)} of $${cost.verbose.toFixed(2)} (${(-change * 100).toFixed(0)} %)`;
}
