/** `brevis/google`: the official client of Google, with shorter requests. */
import { BrevisError } from "../../errors.js";
import type { ConversationOptions } from "../conversation-options.js";
import { createCompressingFetch, type Fetch } from "./compressing-fetch.js";

export type { ConversationOptions, RequestSavings } from "../conversation-options.js";
export { createCompressingFetch, type Fetch } from "./compressing-fetch.js";

/** What `GoogleGenAI` keeps of its options. */
interface GoogleClient {
  readonly apiClient?: { readonly clientOptions?: { httpOptions?: { fetch?: Fetch } } };
}

/**
 * Lets a client of `@google/genai` compress results of functions and long texts of the user in what it sends to generateContent, and
 * restore aliases in what it receives: `models`, `chats` and streams alike. Everything else is the client's own.
 *
 *     const client = wrapGoogle(new GoogleGenAI({}));
 *
 * @param client is changed: it has no way to be copied
 * @returns the client
 * @throws {BrevisError} `invalid-option`
 */
export function wrapGoogle<Client extends object>(client: Client, options?: ConversationOptions): Client {
  const clientOptions = (client as GoogleClient | undefined)?.apiClient?.clientOptions;
  if (clientOptions?.httpOptions === undefined) {
    throw new BrevisError("invalid-option", "Expected a client of @google/genai 2 but received something else.", {
      hint: "Of other versions: new GoogleGenAI({ httpOptions: { fetch: createCompressingFetch(fetch) } }).",
    });
  }
  const { httpOptions } = clientOptions;
  const fetch = createCompressingFetch(httpOptions.fetch ?? globalThis.fetch, options);
  clientOptions.httpOptions = { ...httpOptions, fetch };
  return client;
}
