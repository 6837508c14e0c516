import { rmSync } from "node:fs";

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type EndingSignal = keyof typeof signalNumbers;
const endingSignals = Object.keys(signalNumbers) as EndingSignal[];

const temporaryFiles = new Set<string>();

/** Makes an interrupt remove a file before the process ends. Signals keep their usual, immediate effect while there is none. */
export function keepTrackOfTemporaryFile(path: string): void {
  if (temporaryFiles.size === 0) for (const signal of endingSignals) process.on(signal, removeAndExit);
  temporaryFiles.add(path);
}

export function isTemporaryFile(path: string): boolean {
  return temporaryFiles.has(path);
}

/** For a file that was moved into place, or removed. */
export function forgetTemporaryFile(path: string): void {
  temporaryFiles.delete(path);
  if (temporaryFiles.size === 0) for (const signal of endingSignals) process.off(signal, removeAndExit);
}

function removeAndExit(signal: EndingSignal): void {
  for (const path of temporaryFiles) rmSync(path, { force: true });
  process.exit(128 + signalNumbers[signal]);
}
