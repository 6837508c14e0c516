import { Presets, SingleBar } from "cli-progress";

/** Shows how far a run of paid calls is. */
export interface CallProgress {
  /**
   * @param known how much of what is done was done before this run: it says nothing of the rate
   * @param dollars what all answers cost so far
   */
  update(done: number, known: number, dollars: number): void;
  stop(): void;
}

const silent: CallProgress = { update() {}, stop() {} };

/**
 * A progress bar on standard error with the rate, the cost so far, and estimates of the time and the cost to the end: on a terminal only, and
 * only when `shown`.
 */
export function startCallProgress(total: number, unit: string, shown: boolean): CallProgress {
  if (!shown || total <= 0 || !process.stderr.isTTY) return silent;
  const format = `{bar} {percentage} % | {value}/{total} ${unit} | {rate} | {cost} | {eta_formatted} left`;
  // The cursor stays visible, so that an interrupt leaves the terminal as it was.
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: false, clearOnComplete: true }, Presets.rect);
  bar.start(total, 0, { rate: "-", cost: "-" });
  const startedAt = performance.now();
  return {
    update(done, known, dollars) {
      const minutes = (performance.now() - startedAt) / 60_000;
      bar.update(done, { rate: `${formatRate((done - known) / minutes)}/min`, cost: formatCost(done, total, dollars) });
    },
    stop: () => bar.stop(),
  };
}

function formatCost(done: number, total: number, dollars: number): string {
  const whole = done === 0 ? "" : ` of about $${((dollars * total) / done).toFixed(2)}`;
  return `$${dollars.toFixed(2)}${whole}`;
}

function formatRate(rate: number): string {
  return rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
}
