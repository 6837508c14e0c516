import type { IncomingHttpHeaders } from "node:http";

/** Where a request goes. */
export interface Upstream {
  readonly name: string;
  readonly url: URL;
}

/**
 * The upstream of a request: `/proxy/NAME/…` names it; the providers' own paths, with which their SDKs need no more than another
 * host, are told apart by path and headers.
 *
 * @param target path and query as they arrived
 * @returns undefined for a path or a name that is nobody's
 */
export function findUpstream(
  target: string,
  headers: IncomingHttpHeaders,
  upstreams: Readonly<Record<string, string>>,
): Upstream | undefined {
  const named = /^\/proxy\/([a-z0-9-]+)(\/.*)$/u.exec(target);
  const name = named?.[1] ?? nameOfPath(target, headers);
  const rest = named?.[2] ?? target;
  if (name === undefined || !Object.hasOwn(upstreams, name)) return undefined;
  const base = upstreams[name]!.replace(/\/$/u, "");
  return { name, url: new URL(base + rest) };
}

function nameOfPath(target: string, headers: IncomingHttpHeaders): string | undefined {
  if (target.startsWith("/v1beta/")) return "google";
  if (!target.startsWith("/v1/")) return undefined;
  if (/^\/v1\/messages\b/u.test(target)) return "anthropic";
  const isAnthropic = headers["anthropic-version"] !== undefined || headers["x-api-key"] !== undefined;
  return isAnthropic ? "anthropic" : "openai";
}
