import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { answerFeedback, answerReset } from "./adaptive/answer-adaptive.js";
import { answerCompress } from "./api/answer-compress.js";
import { describeConfig, describeHealth } from "./api/answer-config.js";
import { answerCompare } from "./compare/answer-compare.js";
import { toResponse, writeJson } from "./http/write-json.js";
import { coreEndpoints, describeApi } from "./openapi/describe-api.js";
import type { LedgerTotals } from "./proxy/open-ledger.js";
import type { Services } from "./services.js";
import { measureShaping } from "./shaping/measure-shaping.js";

/** What hono is told of each request by its server. */
export type Bindings = { Bindings: HttpBindings };

/** One endpoint: its handler, and whether it is answered without a token. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly isOpen?: boolean;
  readonly handle: (context: Context<Bindings>) => Response | Promise<Response>;
}

/** The service's own endpoints. */
export function listRoutes(services: Services): Route[] {
  const document = JSON.stringify(describeApi(services.version, coreEndpoints));
  // The headers of CORS are put on a response that is not written yet.
  const sharesOrigins = services.configuration.allowedOrigins.length > 0;
  const json = (text: string) => new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
  return [
    {
      method: "POST",
      path: "/api/compress",
      async handle({ env, req }) {
        const answer = await answerCompress(env.incoming, () => req.raw.signal, services);
        return sharesOrigins ? toResponse(answer) : writeJson(env.outgoing, answer);
      },
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
