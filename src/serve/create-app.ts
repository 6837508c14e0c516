import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { answerFeedback, answerReset } from "./adaptive/answer-adaptive.js";
import { answerCompress } from "./api/answer-compress.js";
import { describeConfig, describeHealth } from "./api/answer-config.js";
import { answerCompare } from "./compare/answer-compare.js";
import { answerError, toBrevisError } from "./http/answer-error.js";
import { createCallerCheck, createTokenCheck, readBearer } from "./http/check-caller.js";
import { OverloadError, RequestError } from "./http/request-error.js";
import { coreEndpoints, describeApi } from "./openapi/describe-api.js";
import type { LedgerTotals } from "./proxy/open-ledger.js";
import type { Services } from "./services.js";
import { measureShaping } from "./shaping/measure-shaping.js";

type Bindings = { Bindings: HttpBindings };
type Handler = (context: Context<Bindings>) => Response | Promise<Response>;

/** One endpoint: its handler, and whether it is answered without a token. */
interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly isOpen?: boolean;
  readonly handle: Handler;
}

/** The service as an application of hono: every check before the handlers, every error in one shape after them. */
export function createApp(services: Services): Hono<Bindings> {
  const app = new Hono<Bindings>();
  const { configuration } = services;
  app.onError((error) => answerFault(error, services));
  app.notFound(({ req }) => answerError(new RequestError(404, `There is nothing at ${req.path.slice(0, 100)}.`)));
  app.use(measure(services));
  app.use(admit(services));
  if (configuration.allowedOrigins.length > 0) {
    app.use(cors({ origin: configuration.allowedOrigins, allowMethods: ["GET", "POST"] }));
  }
  const checkToken = createTokenCheck(services.token);
  for (const { method, path, isOpen, handle } of listRoutes(services)) {
    app.on(method, path, (context) => {
      if (!isOpen) checkToken(readBearer(context.req.header("authorization")));
      return handle(context);
    });
    app.all(path, () => {
      const answer = answerError(new RequestError(405, `Expected ${method} ${path} but received another method.`));
      answer.headers.set("allow", method);
      return answer;
    });
  }
  const { proxy } = services;
  if (proxy !== undefined) {
    for (const path of proxyPaths) {
      app.all(path, async ({ env, req }) => {
        // The Authorization header belongs to the provider.
        checkToken(req.header("x-brevis-token"));
        return answerProxied(env, req.raw.signal, proxy);
      });
    }
  }
  return app;
}

/** Those of the providers, and those that name an upstream. */
const proxyPaths = ["/proxy/*", "/v1/*", "/v1beta/*"];

/** The proxy writes its answers itself, byte by byte as they come. */
async function answerProxied(
  { incoming, outgoing }: HttpBindings,
  signal: AbortSignal,
  proxy: NonNullable<Services["proxy"]>,
): Promise<Response> {
  try {
    await proxy.answer(incoming, outgoing, signal);
  } catch (error) {
    if (!outgoing.headersSent) throw error;
    // Half an answer is written: only a broken connection tells that it is not whole.
    outgoing.destroy();
  }
  return RESPONSE_ALREADY_SENT;
}

function listRoutes(services: Services): Route[] {
  const document = JSON.stringify(describeApi(services.version, coreEndpoints));
  const json = (text: string) => new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
  return [
    {
      method: "POST",
      path: "/api/compress",
      handle: ({ env, req }) => answerCompress(env.incoming, req.raw.signal, services),
    },
    {
      method: "POST",
      path: "/api/compare",
      handle: ({ env, req }) => answerCompare(env.incoming, req.raw.signal, services),
    },
    {
      method: "POST",
      path: "/api/feedback",
      handle: async ({ env }) => json(JSON.stringify(await answerFeedback(env.incoming, services))),
    },
    {
      method: "POST",
      path: "/api/adaptive/reset",
      handle: async ({ env }) => json(JSON.stringify(await answerReset(env.incoming, services))),
    },
    {
      method: "GET",
      path: "/api/adaptive",
      handle: () => json(JSON.stringify({ curves: services.adaptive.describe() })),
    },
    { method: "GET", path: "/api/config", handle: () => json(JSON.stringify(describeConfig(services))) },
    { method: "GET", path: "/api/health", isOpen: true, handle: () => json(JSON.stringify(describeHealth(services))) },
    { method: "GET", path: "/api/openapi.json", handle: () => json(document) },
    ...listProxyRoutes(services, json),
    {
      method: "GET",
      path: "/metrics",
      async handle() {
        const { registry } = services.metrics;
        return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
      },
    },
  ];
}

function describeLedger({ outputs, ...totals }: LedgerTotals) {
  return { ...totals, shaping: measureShaping(outputs.shaped, outputs.heldOut) };
}

function listProxyRoutes({ proxy }: Services, json: (text: string) => Response): Route[] {
  if (proxy === undefined) return [];
  return [
    { method: "GET", path: "/api/ledger", handle: () => json(JSON.stringify(describeLedger(proxy.ledger.totals))) },
  ];
}

/** Counts and logs each request: its route and its sizes, never its headers or its body. */
function measure({ metrics, log }: Services) {
  return async (context: Context<Bindings>, next: () => Promise<void>) => {
    const started = performance.now();
    const countProxied = (status: number, method: string, since: number) =>
      metrics.request(method, "proxy", status, (performance.now() - since) / 1000);
    await next();
    const { method, path } = context.req;
    if (context.res === RESPONSE_ALREADY_SENT) return countProxied(context.env.outgoing.statusCode, method, started);
    context.res.headers.set("x-content-type-options", "nosniff");
    if (!context.res.headers.has("cache-control")) context.res.headers.set("cache-control", "no-store");
    const { status } = context.res;
    const route = status === 404 ? "unknown" : path;
    const ms = performance.now() - started;
    metrics.request(method, route, status, ms / 1000);
    const entry = { method, route, status, ms: Math.round(ms * 10) / 10 };
    if (status >= 500) log.warn(entry, "request");
    else log.debug(entry, "request");
  };
}

/** Refuses what comes from elsewhere, too much at a time, or too late. */
function admit({ configuration, isDraining }: Services) {
  const checkCaller = createCallerCheck(configuration);
  const { concurrentRequests } = configuration.limits;
  let running = 0;
  return async ({ req }: Context<Bindings>, next: () => Promise<void>) => {
    if (isDraining()) throw new RequestError(503, "The service ends and takes no more requests.");
    checkCaller(req.raw.headers);
    if (running >= concurrentRequests) throw new OverloadError(`${running} requests are answered already.`, 1);
    running++;
    try {
      await next();
    } finally {
      running--;
    }
  };
}

function answerFault(error: unknown, { log }: Services): Response {
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
