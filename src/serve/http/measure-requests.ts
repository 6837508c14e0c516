import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, Next } from "hono";
import type { Bindings } from "../list-routes.js";
import type { Services } from "../services.js";

/**
 * Counts and logs each request: its route, status and time, never its headers or its body. Paths that are no endpoint's are
 * the caller's own words, and counted together.
 */
export function measureRequests({ metrics, log }: Services, paths: ReadonlySet<string>) {
  return async (context: Context<Bindings>, next: Next) => {
    const started = performance.now();
    await next();
    const { method, path } = context.req;
    const isWritten = context.res === RESPONSE_ALREADY_SENT;
    if (!isWritten) protectAnswer(context.res.headers);
    const route = paths.has(path) ? path : isWritten ? "proxy" : "unknown";
    const status = isWritten ? context.env.outgoing.statusCode : context.res.status;
    const ms = performance.now() - started;
    metrics.request(method, route, status, ms / 1000);
    const entry = { method: method.slice(0, 10), route, status, ms: Math.round(ms * 10) / 10 };
    if (status >= 500) log.warn(entry, "request");
    else log.debug(entry, "request");
  };
}

function protectAnswer(headers: Headers): void {
  headers.set("x-content-type-options", "nosniff");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
}
