import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Readable } from "node:stream";
import { BrevisError } from "../../errors.js";

/** Headers that belong to one connection, and those that Node or this proxy sets. */
const ownHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "content-length",
  "expect",
  "x-brevis-token",
]);

const agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) } as const;

/** Models think for minutes without a word. */
const silenceMs = 15 * 60_000;

/** Headers as they go on: all but those of the connection. */
export function endToEndHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = String(headers.connection ?? "")
    .toLowerCase()
    .split(/\s*,\s*/u);
  const kept = Object.entries(headers).filter(([name, value]) => {
    return value !== undefined && !ownHeaders.has(name) && !named.includes(name);
  });
  return Object.fromEntries(kept) as Record<string, string | string[]>;
}

/** What is sent on. A body as a stream keeps its announced length. */
export interface UpstreamRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer | Readable | undefined;
  readonly signal: AbortSignal;
}

/** Sends a request on, and resolves with the answer's head. @throws {BrevisError} `remote-failed` where no answer comes */
export function sendUpstream({ url, method, headers, body, signal }: UpstreamRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isHttps = url.protocol === "https:";
    const agent = agents[isHttps ? "https:" : "http:"];
    const sent = (isHttps ? requestHttps : requestHttp)(url, { method, headers, agent, signal }, resolve);
    sent.setTimeout(silenceMs, () => sent.destroy(new Error("no word for too long")));
    sent.on("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code ?? cause.message;
      reject(
        signal.aborted
          ? new BrevisError("aborted", "The caller hung up.")
          : new BrevisError("remote-failed", `Expected an answer of ${url.host} but received ${reason}.`, { cause }),
      );
    });
    if (body === undefined) sent.end();
    else if (Buffer.isBuffer(body)) sent.end(body);
    else body.on("error", (error) => sent.destroy(error)).pipe(sent);
  });
}
