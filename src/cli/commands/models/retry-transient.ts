import { BrevisError } from "../../../errors.js";
import type { HubSettings } from "./hub-settings.js";

/** A failure that may be over the next time. */
export class TransientError extends Error {
  /** What the user is told when no attempt is left. */
  readonly final: BrevisError;
  /** What the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether the attempt brought anything: attempts are counted from the last one that did. */
  readonly progressed: boolean;
  /** Whether no connection came about at all. */
  readonly unreachable: boolean;

  constructor(
    final: BrevisError,
    details: { retryAfterMs?: number; progressed?: boolean; unreachable?: boolean } = {},
  ) {
    super(final.message, { cause: final });
    this.final = final;
    this.retryAfterMs = details.retryAfterMs;
    this.progressed = details.progressed === true;
    this.unreachable = details.unreachable === true;
  }
}

const mostAttempts = 5;
const longestWaitMs = 120_000;

/**
 * Runs an attempt until it succeeds, fails for good, or has failed five times in a row without bringing anything; waits 1, 2, 4 and 8
 * seconds between, or what the server asked for.
 */
export async function retryTransient<T>(
  attempt: () => Promise<T>,
  wait: HubSettings["wait"],
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw abortedPull(signal);
      if (!(error instanceof TransientError)) throw error;
      failures = error.progressed ? 1 : failures + 1;
      const pause = error.retryAfterMs ?? 1000 * 2 ** (failures - 1);
      if (failures >= mostAttempts || pause > longestWaitMs) throw error.final;
      await wait(pause, signal, error.final).catch(() => {
        throw abortedPull(signal);
      });
    }
  }
}

/** The error of a pull that its signal ended. */
export function abortedPull(signal: AbortSignal): BrevisError {
  return new BrevisError("aborted", "The pull was interrupted.", { cause: signal.reason });
}
