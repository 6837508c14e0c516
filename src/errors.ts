/**
 * The one error family of brevis, and the one table that maps its codes to HTTP statuses and exit codes.
 */

/** What went wrong: stable, one meaning each. docs/errors.md says what to do about them. */
export type BrevisErrorCode =
  | "invalid-option"
  | "invalid-input"
  | "input-not-found"
  | "input-is-directory"
  | "input-not-utf8"
  | "output-failed"
  | "unknown-id"
  | "store-corrupt"
  | "model-missing"
  | "model-invalid"
  | "native-failed"
  | "engine-failed"
  | "internal"
  | "overloaded"
  | "over-budget"
  | "remote-failed"
  | "aborted";

interface Outcome {
  readonly httpStatus: number;
  readonly exitCode: number;
}

const badInput: Outcome = { httpStatus: 400, exitCode: 2 };
const modelUnavailable: Outcome = { httpStatus: 503, exitCode: 3 };
const broken: Outcome = { httpStatus: 500, exitCode: 4 };

/** HTTP status and process exit code of every error code. Documented in docs/errors.md. */
export const errorOutcomes: Readonly<Record<BrevisErrorCode, Outcome>> = {
  "invalid-option": badInput,
  "invalid-input": badInput,
  "input-not-found": badInput,
  "input-is-directory": badInput,
  "input-not-utf8": badInput,
  "output-failed": broken,
  "unknown-id": badInput,
  "store-corrupt": broken,
  "model-missing": modelUnavailable,
  "model-invalid": modelUnavailable,
  "native-failed": broken,
  "engine-failed": broken,
  internal: broken,
  overloaded: { httpStatus: 429, exitCode: 5 },
  "over-budget": { httpStatus: 429, exitCode: 5 },
  "remote-failed": { httpStatus: 502, exitCode: 6 },
  aborted: { httpStatus: 499, exitCode: 130 },
};

/**
 * Every error that brevis throws.
 *
 * `message` says what was expected and what arrived; `hint`, where there is one, says what to do next.
 */
export class BrevisError extends Error {
  override readonly name = "BrevisError";
  readonly code: BrevisErrorCode;
  /** What to do next, where that is known. */
  readonly hint: string | undefined;

  constructor(code: BrevisErrorCode, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }

  /** The status that a server answers with. */
  get httpStatus(): number {
    return errorOutcomes[this.code].httpStatus;
  }

  /** The code that the command line exits with. */
  get exitCode(): number {
    return errorOutcomes[this.code].exitCode;
  }
}
