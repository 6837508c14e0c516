import { BrevisError, type BrevisErrorCode } from "../../errors.js";
import type { NativeFailureReason } from "./addon-types.js";

const outcomes: Readonly<Record<NativeFailureReason, { code: BrevisErrorCode; hint?: string }>> = {
  argument: { code: "invalid-input" },
  "not-found": { code: "model-missing" },
  invalid: { code: "model-invalid", hint: "Get the model or adapter again." },
  unsupported: { code: "model-invalid" },
  changed: { code: "model-invalid", hint: "Close the model and open it again." },
  cancelled: { code: "aborted" },
  busy: { code: "engine-failed" },
  memory: { code: "engine-failed", hint: "Free memory, use a smaller model, or give fewer tokens in a call." },
  internal: { code: "engine-failed", hint: "Run `brevis doctor`." },
  overloaded: { code: "overloaded", hint: "Try again later, or open the model with a larger `queueLimit`." },
  closed: { code: "invalid-input", hint: "Open the model again." },
  refused: { code: "aborted" },
};

/** What the addon threw, or rejected with, as brevis's own error; the engine's message stays whole. */
export function toEngineError(error: unknown): BrevisError {
  if (error instanceof BrevisError) return error;
  if (!(error instanceof Error)) return new BrevisError("native-failed", String(error));
  const reason = (error as { reason?: unknown }).reason;
  if (typeof reason === "string" && Object.hasOwn(outcomes, reason)) {
    const { code, hint } = outcomes[reason as NativeFailureReason];
    return new BrevisError(code, error.message, hint === undefined ? { cause: error } : { cause: error, hint });
  }
  const isArgument = error instanceof TypeError || error instanceof RangeError;
  return new BrevisError(isArgument ? "invalid-input" : "native-failed", error.message, { cause: error });
}

/** The error of a call whose signal fired. */
export function toAbortError(signal: AbortSignal): BrevisError {
  return new BrevisError("aborted", "The call was aborted by its signal.", { cause: signal.reason });
}
