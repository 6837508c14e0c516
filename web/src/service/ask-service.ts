import type { ErrorBody } from "./types.js";

/** What went wrong with a request, in the service's own words where it had some. */
export class ServiceError extends Error {
  constructor(
    /** 0 where the service could not be reached. */
    readonly status: number,
    message: string,
    readonly hint: string | undefined,
    /** Seconds after which it may be tried again. */
    readonly retryAfter: number | undefined,
  ) {
    super(message);
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

const tokenName = "brevis-token";

/** The token goes with this tab, and with nothing else. */
export function keepToken(token: string): void {
  sessionStorage.setItem(tokenName, token);
}

/** Asks the service. @throws {ServiceError}, and the signal's reason where it fired */
export async function askService(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const token = sessionStorage.getItem(tokenName);
  const headers = {
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const init = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers, ...(signal && { signal }) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ServiceError(0, "The service does not answer.", "Is brevis serve still running?", undefined);
  }
  if (answer.ok) return answer;
  throw await readError(answer);
}

async function readError(answer: Response): Promise<ServiceError> {
  const retryAfter = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const body = (await answer.json().catch(() => ({}))) as { error?: ErrorBody };
  const message = body.error?.message ?? `The service answered with status ${answer.status}.`;
  return new ServiceError(answer.status, message, body.error?.hint, Number.isNaN(retryAfter) ? undefined : retryAfter);
}
