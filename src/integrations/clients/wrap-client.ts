import { BrevisError } from "../../errors.js";
import type { ConversationOptions } from "../conversation-options.js";
import { createCompressingFetch, type Fetch } from "./compressing-fetch.js";

/** A client that makes copies of itself with other options, as those of Anthropic and OpenAI do. */
export interface ClientWithOptions {
  // biome-ignore lint/suspicious/noExplicitAny: each client has options of its own, of which `fetch` is one
  withOptions(options: any): unknown;
}

/** A copy of a client that sends its requests through a compressing `fetch`. @throws {BrevisError} `invalid-option` */
export function wrapClient<Client extends ClientWithOptions>(client: Client, options?: ConversationOptions): Client {
  if (typeof client?.withOptions !== "function") {
    throw new BrevisError("invalid-option", "Expected a client with withOptions() but received none.", {
      hint: "Give the client itself: `new Anthropic()` or `new OpenAI()`. Versions without withOptions() take `fetch: createCompressingFetch(fetch)`.",
    });
  }
  const own = (client as { fetch?: unknown }).fetch;
  const send: Fetch = typeof own === "function" ? (own as Fetch) : globalThis.fetch;
  return client.withOptions({ fetch: createCompressingFetch(send, options) }) as Client;
}
