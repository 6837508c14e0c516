import type { NativeCall } from "./addon-types.js";
import { toAbortError, toEngineError } from "./engine-error.js";

/**
 * Starts a call unless its signal has fired, cancels it when the signal fires, and gives its result.
 *
 * A signal that fires before the result is handed out always makes the call `aborted`; `discard` gets a result that came too late.
 */
export async function settleCall<Result>(
  start: () => NativeCall<Result>,
  signal: AbortSignal | undefined,
  discard?: (result: Result) => Promise<void>,
): Promise<Result> {
  if (signal?.aborted) throw toAbortError(signal);
  let call: NativeCall<Result> | undefined;
  const cancel = () => call?.cancel();
  try {
    call = start();
    signal?.addEventListener("abort", cancel, { once: true });
    const result = await call.promise;
    if (signal?.aborted) await discard?.(result);
    else return result;
  } catch (error) {
    if (!signal?.aborted) throw toEngineError(error);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
  throw toAbortError(signal);
}
