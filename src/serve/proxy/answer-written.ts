import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ModelProxy } from "./open-proxy.js";

/** The paths of the providers, and those that name an upstream. */
export const proxyPaths = ["/proxy/*", "/v1/*", "/v1beta/*"];

/** The proxy writes its answers itself, byte by byte as they come. */
export async function answerProxied(
  { incoming, outgoing }: HttpBindings,
  signal: AbortSignal,
  proxy: ModelProxy,
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
