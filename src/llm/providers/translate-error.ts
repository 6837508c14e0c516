import { BrevisError } from "../../errors.js";
import type { Model } from "../registry/model.js";

/** Where a model's key comes from and what it is, so that no message ever shows it. */
export interface KeyOrigin {
  readonly key: string;
  readonly variable: string;
}

/**
 * An SDK's error as brevis's: what the provider said, and what to do about it.
 *
 * @param error whatever an SDK threw, after its retries
 */
export function translateError(error: unknown, model: Model, origin: KeyOrigin, signal?: AbortSignal): BrevisError {
  if (error instanceof BrevisError) return error;
  if (signal?.aborted) return new BrevisError("aborted", "The call was aborted.", { cause: signal.reason });
  const status = statusOf(error);
  const said = hideKey(messageOf(error), origin.key);
  const answer = status === undefined ? "the connection failed" : `it answered ${status}`;
  return new BrevisError("remote-failed", `Expected an answer of ${model.slug} but ${answer}: ${said}`, {
    hint: hintFor(status, model, origin),
    cause: hideKey(error instanceof Error ? `${error.name}: ${error.message}` : String(error), origin.key),
  });
}

/** The HTTP status that an SDK's error carries. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | undefined)?.status;
  return typeof status === "number" ? status : undefined;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.message}${cause}`.slice(0, 500);
}

function hideKey(text: string, key: string): string {
  return key.length < 4 ? text : text.replaceAll(key, "[key]");
}

function hintFor(status: number | undefined, model: Model, { variable }: KeyOrigin): string {
  if (status === 401 || status === 403) return `Check the key in ${variable}.`;
  if (status === 404) return `Check that the account behind ${variable} may use ${model.name}.`;
  if (status === 400 || status === 422) return "The provider takes the request to be wrong: its message says why.";
  if (status === 429) return "The account's rate limit or quota is used up: lower `concurrency` or `tokensPerMinute`.";
  return "Try again; what was finished is kept.";
}
