import { BrevisError } from "../../errors.js";
import { OverloadError } from "./request-error.js";

/** An error as every endpoint answers it. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** What a caller may see of a fault: of one that nobody expected, only that it happened. */
export function toBrevisError(error: unknown): BrevisError {
  if (error instanceof BrevisError) return error;
  return new BrevisError("internal", "A fault in brevis ended the request.", {
    hint: "The service's log has the cause.",
    cause: error,
  });
}

/** The body of an error. */
export function describeError({ code, message, hint }: BrevisError): ErrorBody {
  return { error: { code, message, ...(hint === undefined ? {} : { hint }) } };
}

/** The answer to a request that failed: the error's status, its shape, and when to come back where that is known. */
export function answerError(error: unknown): Response {
  const known = toBrevisError(error);
  const headers = new Headers({ "content-type": "application/json; charset=utf-8" });
  const { httpStatus } = known;
  if (known instanceof OverloadError) headers.set("retry-after", String(known.retryAfter));
  else if (httpStatus === 429 || httpStatus === 503) headers.set("retry-after", "1");
  if (httpStatus === 401) headers.set("www-authenticate", 'Bearer realm="brevis"');
  return new Response(JSON.stringify(describeError(known)), { status: httpStatus, headers });
}
