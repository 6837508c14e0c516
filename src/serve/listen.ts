import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { BrevisError } from "../errors.js";
import type { ServeLimits } from "./configuration/configuration-schema.js";
import { answerSocketError } from "./http/answer-socket-error.js";
import type { Bindings } from "./list-routes.js";

/** A server of the application, with its limits on how slowly a request may come. */
export function createHttpServer(app: Hono<Bindings>, limits: ServeLimits): Server {
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      // How often the two limits above are looked at.
      connectionsCheckingInterval: Math.max(100, Math.min(limits.headersMs, limits.requestMs) / 4),
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
  }) as Server;
  server.on("clientError", answerSocketError);
  return server;
}

/** @returns the address, e.g. `http://127.0.0.1:3000`. @throws {BrevisError} `output-failed` where the port cannot be had */
export function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `Expected to listen on ${host}:${port} but received ${cause.code ?? cause.message}.`;
      reject(new BrevisError("output-failed", message, { hint: "Choose another --host or --port.", cause }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      const taken = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${taken}`);
    });
  });
}

/** Ends a server: idle connections at once, busy ones when they are done or time is up. */
export async function drain(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const limit = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
