import { Presets, SingleBar } from "cli-progress";

/** Shows that a long command goes on where its length is not known. */
export interface Counter {
  /** What is done now. */
  name(name: string): void;
  advance(): void;
  stop(): void;
}

/** A line on standard error with what is done and how much of it: on a terminal only, and only when `shown`. */
export function startCounter(shown: boolean): Counter {
  if (!shown || !process.stderr.isTTY) return { name() {}, advance() {}, stop() {} };
  const format = "{name}: {value} texts | {duration_formatted}";
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: false, clearOnComplete: true }, Presets.rect);
  bar.start(Number.MAX_SAFE_INTEGER, 0, { name: "reading" });
  return {
    name(name) {
      bar.update(0, { name });
    },
    advance: () => bar.increment(1),
    stop: () => bar.stop(),
  };
}
