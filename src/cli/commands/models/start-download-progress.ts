import { Presets, SingleBar } from "cli-progress";
import { formatBytes } from "./format-bytes.js";

/** Counts the bytes of a download, and shows them. */
export interface DownloadProgress {
  readonly start: (totalBytes: number) => void;
  readonly advance: (bytes: number) => void;
  stop(): void;
  done(): number;
  total(): number;
}

/** A progress bar on standard error: on a terminal only, and only when `shown`. */
export function startDownloadProgress(name: string, shown: boolean): DownloadProgress {
  let done = 0;
  let total = 0;
  let bar: SingleBar | undefined;
  return {
    start(totalBytes) {
      total = totalBytes;
      if (!shown || total === 0 || !process.stderr.isTTY) return;
      const format = `${name} {bar} {percentage} % | {value} of {total} | {eta_formatted} left`;
      const formatValue = (value: number, _: unknown, type: string) =>
        type === "percentage" ? String(value) : formatBytes(value);
      // The cursor stays visible, so that an interrupt leaves the terminal as it was.
      const options = {
        format,
        formatValue,
        stream: process.stderr,
        hideCursor: false,
        clearOnComplete: true,
        etaBuffer: 100,
      };
      bar = new SingleBar(options, Presets.rect);
      bar.start(total, 0);
    },
    advance(bytes) {
      done += bytes;
      bar?.update(done);
    },
    stop: () => bar?.stop(),
    done: () => done,
    total: () => total,
  };
}
