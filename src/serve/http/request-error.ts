import { BrevisError } from "../../errors.js";

/**
 * A request that HTTP itself has a status for: too large, too slow, of another media type, not allowed. Its code is
 * `invalid-input`, or `overloaded` where trying again later helps; the status says more.
 */
export class RequestError extends BrevisError {
  readonly #status: number;

  constructor(status: 401 | 403 | 404 | 405 | 408 | 413 | 415 | 431 | 503, message: string, hint?: string) {
    super(status === 503 ? "overloaded" : "invalid-input", message, hint === undefined ? {} : { hint });
    this.#status = status;
  }

  override get httpStatus(): number {
    return this.#status;
  }
}

/** More than the service can do now. */
export class OverloadError extends BrevisError {
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super("overloaded", message, { hint: `Try again after ${retryAfter} s.` });
    this.retryAfter = retryAfter;
  }
}
