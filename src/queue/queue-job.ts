import { createHash } from "node:crypto";
import { BrevisError, type BrevisErrorCode, errorOutcomes } from "../errors.js";
import { asBrevisError } from "./as-brevis-error.js";
import type { Task } from "./task.js";

/** What travels to a worker. */
export interface QueueJob<Setup, Data> {
  readonly key: string;
  readonly setup: Setup;
  readonly data: Data;
}

/** What comes back: a task's result, or why there is none. */
export type QueueAnswer<Result> =
  | { readonly result: Result }
  | { readonly error: { readonly code: string; readonly message: string; readonly hint?: string } };

/** The queue of a kind of task. */
export function queueName(kind: string): string {
  return `brevis-${kind}`;
}

/** The same work has the same id, whoever asks for it: a queue holds it once, and its result is there for all. */
export function jobIdOf<Setup, Data>(setup: Setup, { data, key }: Task<Data>): string {
  return createHash("sha256")
    .update(JSON.stringify([key, setup, data]))
    .digest("hex")
    .slice(0, 40);
}

/** An error as it travels. */
export function packError(thrown: unknown): QueueAnswer<never> {
  const { code, hint, message } = asBrevisError(thrown);
  return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}

/** And as it arrives. */
export function unpackError({ code, hint, message }: { code: string; message: string; hint?: string }): BrevisError {
  const known = code in errorOutcomes ? (code as BrevisErrorCode) : "internal";
  return new BrevisError(known, message, hint === undefined ? {} : { hint });
}
