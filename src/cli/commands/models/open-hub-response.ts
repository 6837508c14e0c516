import { BrevisError } from "../../../errors.js";
import { explainRefusal, explainUnreachable, isUnreachable } from "./explain-hub-error.js";
import type { HubSettings } from "./hub-settings.js";
import { abortedPull, TransientError } from "./retry-transient.js";

/** A response whose body comes in pieces, and stops with an error when it stalls. */
export interface HubResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The checksum that the Hub states for a file: `X-Linked-ETag`, or `ETag` where it serves the file itself. */
  readonly etag: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** For a body that nobody reads. */
  discard(): void;
}

export interface HubRequest {
  /** Below the endpoint, with a slash in front. */
  readonly path: string;
  /** The model that it is about, for messages. */
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Statuses beside 2xx that the caller deals with. */
  readonly accept?: readonly number[];
}

const mostRedirects = 5;
const redirects = [301, 302, 303, 307, 308];

/**
 * Sends one GET request and follows redirects by hand: the Hub serves large files from another host, which must not see the token.
 *
 * @throws {TransientError} where another attempt may succeed
 * @throws {BrevisError} `remote-failed`, `model-missing`, `aborted`
 */
export async function openHubResponse(settings: HubSettings, request: HubRequest): Promise<HubResponse> {
  const watch = watchForStall(settings.stallMs, request.signal);
  try {
    const { response, etag } = await watch.orStalled(followRedirects(settings, request, watch.signal));
    if (!response.ok && !request.accept?.includes(response.status)) {
      throw await explainRefusal(response, request.model, settings);
    }
    const discard = () => {
      watch.stop();
      forgetBody(response);
    };
    const body = readBody(response, settings, request, watch);
    return { status: response.status, headers: response.headers, etag, body, discard };
  } catch (error) {
    watch.stop();
    throw toTransient(error, settings, request.signal, false);
  }
}

async function followRedirects(
  settings: HubSettings,
  { path, headers }: HubRequest,
  signal: AbortSignal,
): Promise<{ response: Response; etag: string | undefined }> {
  const home = new URL(settings.endpoint).origin;
  let url = new URL(settings.endpoint + path);
  let linked: string | undefined;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const token =
      url.origin === home && settings.token !== undefined ? { authorization: `Bearer ${settings.token}` } : {};
    const all = { "user-agent": "brevis", "accept-encoding": "identity", ...headers, ...token };
    const response = await fetch(url, { headers: all, redirect: "manual", signal });
    linked ??= response.headers.get("x-linked-etag") ?? undefined;
    if (!redirects.includes(response.status)) {
      const own = url.origin === home ? response.headers.get("etag") : null;
      return { response, etag: plainEtag(linked ?? own ?? undefined) };
    }
    forgetBody(response);
    const next = new URL(response.headers.get("location") ?? "", url);
    if (url.protocol === "https:" && next.protocol !== "https:")
      throw badRedirect(url, `to ${next.origin}, without TLS`);
    url = next;
  }
  throw badRedirect(url, "more than five times");
}

/** Frees the connection of a body that nobody reads. Nothing waits for that: fetch has been seen never to say that it is done. */
function forgetBody(response: Response): void {
  response.body?.cancel().catch(() => {});
}

/** `W/"abc"` -> `abc` */
function plainEtag(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
}

function badRedirect(url: URL, how: string): BrevisError {
  const hint = "Check HF_ENDPOINT, and what stands between this machine and it.";
  return new BrevisError("remote-failed", `Expected a file from ${url.origin} but it redirected ${how}.`, { hint });
}

async function* readBody(
  response: Response,
  settings: HubSettings,
  { signal }: HubRequest,
  watch: StallWatch,
): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader();
  let received = 0;
  try {
    while (reader !== undefined) {
      const { done, value } = await watch.orStalled(reader.read());
      if (done) return;
      watch.touch();
      received += value.length;
      yield value;
    }
  } catch (error) {
    throw toTransient(error, settings, signal, received > 0);
  } finally {
    watch.stop();
    // The caller may have left midway: more came than the file has.
    reader?.cancel().catch(() => {});
  }
}

interface StallWatch {
  readonly signal: AbortSignal;
  /** What a promise gives, or an error once the signal has fired, whatever fetch does then: a pull has been seen to wait for good. */
  orStalled<T>(promise: Promise<T>): Promise<T>;
  touch(): void;
  stop(): void;
}

/** A signal that fires when the caller's does, or when nothing came for so long. */
function watchForStall(ms: number, signal: AbortSignal): StallWatch {
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  if (signal.aborted) forward();
  signal.addEventListener("abort", forward, { once: true });
  const timer = setTimeout(() => controller.abort(new Error(`nothing came for ${ms / 1000} seconds`)), ms);
  const fired = new Promise<never>((_, reject) => {
    const end = () => reject(controller.signal.reason);
    if (controller.signal.aborted) end();
    controller.signal.addEventListener("abort", end, { once: true });
  });
  // Mostly nobody waits when it fires.
  fired.catch(() => {});
  return {
    signal: controller.signal,
    orStalled: (promise) => Promise.race([promise, fired]),
    touch: () => void timer.refresh(),
    stop() {
      clearTimeout(timer);
      signal.removeEventListener("abort", forward);
    },
  };
}

function toTransient(error: unknown, settings: HubSettings, signal: AbortSignal, progressed: boolean): Error {
  if (signal.aborted) return abortedPull(signal);
  if (error instanceof BrevisError || error instanceof TransientError) return error;
  return new TransientError(explainUnreachable(error, settings.endpoint), {
    progressed,
    unreachable: isUnreachable(error),
  });
}
