import { Presets, SingleBar } from "cli-progress";

/** Shows how far a long command is. */
export interface Progress {
  advance(amount: number): void;
  stop(): void;
}

const silent: Progress = { advance() {}, stop() {} };

/**
 * A progress bar on standard error: on a terminal only, and only when `shown`.
 *
 * @param total how much there is to do, in `unit`; 0 where that is not known, which shows no bar
 */
export function startProgress(total: number, unit: string, shown: boolean): Progress {
  if (!shown || total <= 0 || !process.stderr.isTTY) return silent;
  const format = `{bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left`;
  // The cursor stays visible, so that an interrupt leaves the terminal as it was.
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: false, clearOnComplete: true }, Presets.rect);
  bar.start(total, 0);
  return { advance: (amount) => bar.increment(amount), stop: () => bar.stop() };
}
