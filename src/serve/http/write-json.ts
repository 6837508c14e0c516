import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

/** An answer whose body is JSON already. */
export interface JsonAnswer {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const jsonType = "application/json; charset=utf-8";

/** The answer as the Fetch standard has it, for middleware that adds headers to it. */
export function toResponse({ body, headers }: JsonAnswer): Response {
  return new Response(body, { headers: { "content-type": jsonType, ...headers } });
}

/** Writes the answer in one go. A body of the Fetch standard is a stream, which takes longer than all else of a remembered result. */
export function writeJson(outgoing: ServerResponse, { body, headers }: JsonAnswer): Response {
  outgoing.writeHead(200, {
    "content-type": jsonType,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}
