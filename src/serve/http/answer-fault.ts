import type { Logger } from "pino";
import { answerError, toBrevisError } from "./answer-error.js";

/** Answers an error, and logs one that nobody expected. */
export function answerFault(error: unknown, log: Logger): Response {
  const known = toBrevisError(error);
  // The cause of a fault of ours, whose message may quote what was compressed, stays out of the log but for its kind and place.
  if (known.code === "internal") {
    const { cause } = known;
    log.error({
      code: known.code,
      cause: cause instanceof Error ? { name: cause.name, stack: placesOf(cause) } : typeof cause,
    });
  }
  return answerError(known);
}

/** Where an error was thrown, without its message. */
function placesOf({ stack = "" }: Error): string[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /u.test(line))
    .slice(0, 12);
}
