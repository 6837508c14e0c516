const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type EndingSignal = keyof typeof signalNumbers;
const endingSignals = Object.keys(signalNumbers) as EndingSignal[];

/** What signals ask of a long command. */
export interface StopSignals {
  /** Fires at the first signal: begin nothing more, and finish what is under way. */
  readonly stop: AbortSignal;
  /** Fires at the second: end at once. */
  readonly abort: AbortSignal;
  /** 128 and the number of the first signal that came; undefined where none did. */
  exitCode(): number | undefined;
  /** Gives signals their usual effect back. */
  release(): void;
}

/**
 * Makes Ctrl-C end a command gently, and a second Ctrl-C at once.
 *
 * @param onStop called at the first signal
 */
export function stopOnSignals(onStop: () => void): StopSignals {
  const stop = new AbortController();
  const abort = new AbortController();
  let first: EndingSignal | undefined;
  const hear = (signal: EndingSignal) => {
    if (first !== undefined) return abort.abort();
    first = signal;
    onStop();
    stop.abort();
  };
  for (const signal of endingSignals) process.on(signal, hear);
  return {
    stop: stop.signal,
    abort: abort.signal,
    exitCode: () => (first === undefined ? undefined : 128 + signalNumbers[first]),
    release() {
      for (const signal of endingSignals) process.off(signal, hear);
    },
  };
}
