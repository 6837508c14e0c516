/** `brevis/openai`: the official client of OpenAI, with shorter requests. */
import type { ConversationOptions } from "../conversation-options.js";
import { type ClientWithOptions, wrapClient } from "./wrap-client.js";

export type { ConversationOptions, RequestSavings } from "../conversation-options.js";
export { createCompressingFetch, type Fetch } from "./compressing-fetch.js";

/**
 * A copy of a client of `openai`, or of one that is made from it, that compresses results of tools and long texts of the user in what it
 * sends to Chat Completions and Responses, and restores aliases in what it receives. Everything else (types, streams, tools, retries,
 * errors) is the client's own.
 *
 *     const client = wrapOpenAI(new OpenAI());
 *
 * @param client stays as it is; its key, base URL and `fetch` are those of the copy
 * @throws {BrevisError} `invalid-option`
 */
export function wrapOpenAI<Client extends ClientWithOptions>(client: Client, options?: ConversationOptions): Client {
  return wrapClient(client, options);
}
