import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** What became of the sends of one call: an SDK sends again by itself. */
export interface Sends {
  /** Requests that went out. */
  count: number;
  /** Those whose answer was lost on the way: the provider may have worked, and been paid, for nothing. */
  lost: number;
}

const currentSends = new AsyncLocalStorage<Sends>();

/** Runs a call so that its sends are counted in `sends`, also when it fails. */
export function countSends<Result>(sends: Sends, call: () => Promise<Result>): Promise<Result> {
  return currentSends.run(sends, call);
}

/** Longest wait that a provider may ask for, in milliseconds; beyond, the call fails with the provider's words. */
const longestPause = 120_000;

/**
 * `fetch` as the three SDKs are given it. A provider's wish to be left alone for a while holds for all its calls, not only
 * for the one that heard it (Google's SDK would not even heed it there). JSON is read whole, so that an answer that was cut
 * on the way counts as a failed send, which the SDKs' retries mend.
 */
export function createProviderFetch(send: typeof fetch = globalThis.fetch): typeof fetch {
  let openAt = 0;
  return async (input, init) => {
    await waitUntil(() => openAt, init?.signal ?? undefined);
    const sends = currentSends.getStore();
    if (sends) sends.count++;
    try {
      const response = await readJsonWhole(await send(input, init));
      const pause = response.ok ? undefined : await pauseOf(response);
      if (pause === undefined) return response;
      if (pause > longestPause) return withoutRetry(response);
      openAt = Math.max(openAt, Date.now() + pause);
      return response;
    } catch (error) {
      if (sends) sends.lost++;
      throw init?.signal?.aborted ? error : asLostAnswer(error);
    }
  };
}

/** Not the TypeError that fetch throws, which the retries of Google's SDK take for a mistake of the caller's. */
function asLostAnswer(error: unknown): Error {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return new Error(message, { cause: cause ?? error });
}

async function waitUntil(openAt: () => number, signal: AbortSignal | undefined): Promise<void> {
  for (let wait = openAt() - Date.now(); wait > 0; wait = openAt() - Date.now()) {
    await sleep(wait, undefined, signal ? { signal } : {});
  }
}

async function readJsonWhole(response: Response): Promise<Response> {
  if (!/\bjson\b/u.test(response.headers.get("content-type") ?? "")) return response;
  const body = await response.arrayBuffer();
  const { headers, status, statusText } = response;
  return new Response(body.byteLength === 0 ? null : body, { headers, status, statusText });
}

/** How long the provider wants to be left alone: in its headers, or, of Google, in the body's details. Milliseconds. */
async function pauseOf(response: Response): Promise<number | undefined> {
  const milliseconds = Number.parseFloat(response.headers.get("retry-after-ms") ?? "");
  if (milliseconds >= 0) return milliseconds;
  const after = response.headers.get("retry-after");
  if (after !== null) {
    const seconds = Number.parseFloat(after);
    return seconds >= 0 ? seconds * 1000 : Math.max(0, Date.parse(after) - Date.now()) || undefined;
  }
  if (response.status !== 429) return undefined;
  const delay = /"retryDelay"\s*:\s*"([\d.]+)s"/u.exec(await response.clone().text())?.[1];
  return delay === undefined ? undefined : Number(delay) * 1000;
}

/** The answer with a header that keeps the SDKs from sleeping as long as the provider said. */
function withoutRetry(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("x-should-retry", "false");
  return new Response(response.body, { headers, status: response.status, statusText: response.statusText });
}
