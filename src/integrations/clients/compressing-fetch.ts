import { compress } from "../../compress/compress.js";
import { createRestorer } from "../../compress/restoring/create-restorer.js";
import type { OriginalsStore } from "../../compress/types.js";
import { editJson } from "../../conversations/edit-json.js";
import { restoreJsonAnswer } from "../../conversations/restore-answer.js";
import { openSentTexts } from "../../conversations/sent-texts.js";
import { settleRequest } from "../../conversations/settle-request.js";
import { TextSettler } from "../../conversations/settle-texts.js";
import { apiOfPath, isFields, modelOf } from "../../conversations/wire-formats.js";
import {
  type ConversationOptions,
  type ConversationSettings,
  normalizeConversationOptions,
} from "../conversation-options.js";

/** What a client sends its requests with, in the shape of the global `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Of what was sent: enough for hundreds of conversations. */
const memoryBytes = 64 * 1024 * 1024;

interface ShortenedRequest {
  readonly body: string;
  readonly legend: Readonly<Record<string, string>>;
}

/**
 * A `fetch` for the clients of Anthropic (Messages), OpenAI (Chat Completions, Responses) and Google (generateContent), which shortens what
 * they send and restores what they receive.
 *
 * Results of tools and long texts of the user are compressed; every other byte of a request stays. A text becomes the same bytes in every
 * request of its conversation, after a restart too, so that the provider's prompt cache holds. In answers, streamed or whole, aliases are
 * restored in text and in tool calls. Whatever is not understood, and whatever goes wrong on the way, is sent as it came.
 *
 * @param fetch what requests are sent with
 * @throws {BrevisError} `invalid-option`
 */
export function createCompressingFetch(fetch: Fetch, options?: ConversationOptions): Fetch {
  const settings = normalizeConversationOptions(options);
  const shorten = createShortener(settings);
  return async (input, init) => {
    const shortened = await shorten(input, init);
    if (shortened === undefined) return fetch(input, init);
    const answer = await fetch(input, { ...init, body: shortened.body });
    return restoreAnswer(answer, shortened.legend, settings.store);
  };
}

function createShortener(settings: ConversationSettings) {
  let opened: Promise<TextSettler> | undefined;
  const openSettler = async () => new TextSettler(compress, await openSentTexts(undefined, memoryBytes));
  return async (input: string | URL | Request, init?: RequestInit): Promise<ShortenedRequest | undefined> => {
    try {
      if (typeof init?.body !== "string" || input instanceof Request) return undefined;
      const { pathname } = new URL(String(input));
      const api = apiOfPath(pathname);
      const body: unknown = api && JSON.parse(init.body);
      if (api === undefined || !isFields(body)) return undefined;
      opened ??= openSettler();
      const model = modelOf(api, pathname, body);
      const { edits, legend, saved } = await settleRequest(api, body, await opened, {
        tokens: settings.tokens,
        options: { ...settings.compress, ...(model === undefined ? {} : { target: model }) },
        unknown: "compress",
      });
      const shortened = edits.length === 0 ? undefined : editJson(init.body, edits);
      if (shortened === undefined) return undefined;
      settings.onSavings({ model, saved });
      return { body: shortened, legend };
    } catch {
      return undefined;
    }
  };
}

/** The answer with its aliases restored: the very answer where there is nothing to restore. */
async function restoreAnswer(
  answer: Response,
  legend: ShortenedRequest["legend"],
  store: OriginalsStore | undefined,
): Promise<Response> {
  const isRestorable = Object.keys(legend).length > 0 || store !== undefined;
  if (!isRestorable || answer.status !== 200 || answer.body === null) return answer;
  const type = answer.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    const restorer = createRestorer<Uint8Array>(legend, {
      stream: "events",
      ...(store === undefined ? {} : { store }),
    });
    return answerWith(answer, answer.body.pipeThrough(restorer));
  }
  if (!type.startsWith("application/json")) return answer;
  return answerWith(answer, await restoreJsonAnswer(await answer.text(), legend, store));
}

/** Another body under the same status and headers, but for those that tell of the bytes that came. */
function answerWith(answer: Response, body: string | ReadableStream<Uint8Array>): Response {
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  headers.delete("content-encoding");
  const { status, statusText, url } = answer;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), "url", { value: url });
}
