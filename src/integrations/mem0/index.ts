/** `brevis/mem0`: memories of mem0, compressed when they are added and packed into a budget when they are needed. */
import { compressMessages } from "../../compress/messages/compress-messages.js";
import { type CompressMessagesOptions, normalizeMessagesOptions } from "../../compress/messages/message-options.js";
import { BrevisError } from "../../errors.js";
import { packResults } from "./pack-results.js";

/** What is used of a `Memory` of `mem0ai/oss`, and of a `MemoryClient` of `mem0ai`. */
export interface Mem0Like {
  // biome-ignore lint/suspicious/noExplicitAny: the two have messages and options of their own
  add(messages: any, options: any): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  search(query: string, options: any): Promise<unknown>;
}

/** A memory as mem0 finds it. */
export interface Mem0Item {
  readonly id: string;
  readonly memory?: string;
  readonly score?: number;
}

/** How memories are compressed. */
export interface Mem0Options {
  /** Options of `compressMessages`: texts from 200 tokens on, half of the tokens, by default; those of the assistant too. Without aliases. */
  readonly compress?: Omit<CompressMessagesOptions, "dictionary" | "legend">;
}

/** What `pack` takes beside the query. */
export interface Mem0PackOptions<SearchOptions> {
  /** The most tokens of the packed text. */
  readonly budget: number;
  /** The model that will read it: chooses the tokenizer. */
  readonly target?: string;
  /** Options of mem0's own `search`. */
  readonly search: SearchOptions;
}

/** Memories that fit. */
export interface Mem0Pack {
  /** One memory a line, `- ` before it, in the order in which mem0 found them; empty where nothing fits. */
  readonly text: string;
  /** Those in the text; `memory` is what stands there. */
  readonly items: readonly Mem0Item[];
  /** Of the text; `found` is what all that was found would take. */
  readonly tokens: { readonly packed: number; readonly found: number };
  /** What was found and did not fit, best first. */
  readonly left: readonly Mem0Item[];
}

/** A memory of mem0 that compresses. */
export type CompressedMem0<Memory extends Mem0Like> = Memory & {
  /** The best memories for a query within a token budget. @throws {BrevisError} `invalid-option`, and what mem0's search throws */
  pack(query: string, options: Mem0PackOptions<Parameters<Memory["search"]>[1]>): Promise<Mem0Pack>;
};

/**
 * A memory of mem0 whose `add` compresses long messages first, so that the model which reads them for memories reads less, and memories that
 * are kept as they are (`infer: false`) are short; and with `pack`, which fits what a search finds into a budget. All else is mem0's own.
 *
 *     const memory = compressMem0(new Memory());
 *     const { text } = await memory.pack("What does Ada drink?", { budget: 1000, search: { filters: { user_id: "ada" } } });
 *
 * @param memory stays as it is
 * @throws {BrevisError} `invalid-option`
 */
export function compressMem0<Memory extends Mem0Like>(
  memory: Memory,
  { compress = {} }: Mem0Options = {},
): CompressedMem0<Memory> {
  if (typeof memory?.add !== "function" || typeof memory.search !== "function") {
    throw new BrevisError("invalid-option", "Expected a Memory or a MemoryClient of mem0 but received something else.");
  }
  const options: CompressMessagesOptions = { roles: ["user", "assistant", "tool"], ...compress, dictionary: "off" };
  normalizeMessagesOptions(options);
  const added = {
    async add(messages: unknown, addOptions: unknown) {
      return memory.add(await shorten(messages, options), addOptions);
    },
    async pack(query: string, { budget, target, search }: Mem0PackOptions<unknown>) {
      if (!Number.isInteger(budget) || budget < 0) {
        throw new BrevisError(
          "invalid-option",
          `Expected budget to be a whole number of tokens but received ${budget}.`,
        );
      }
      return packResults(readResults(await memory.search(query, search)), { query, budget, target });
    },
  };
  return new Proxy(memory, {
    get(of, name) {
      if (name === "add" || name === "pack") return added[name];
      const value: unknown = Reflect.get(of, name, of);
      // Methods run on mem0's own object, which has private members.
      return typeof value === "function" ? value.bind(of) : value;
    },
    has: (of, name) => name === "pack" || Reflect.has(of, name),
  }) as CompressedMem0<Memory>;
}

/** A text or messages, shorter; what they are where anything goes wrong. */
async function shorten(messages: unknown, options: CompressMessagesOptions): Promise<unknown> {
  const isText = typeof messages === "string";
  const list = isText ? [{ role: "user", content: messages }] : messages;
  if (!Array.isArray(list)) return messages;
  try {
    const { messages: shortened } = await compressMessages<{ content?: unknown }>(list, options);
    return isText ? shortened[0]!.content : shortened;
  } catch {
    return messages;
  }
}

function readResults(found: unknown): readonly Mem0Item[] {
  const results = Array.isArray(found) ? found : (found as { results?: unknown } | undefined)?.results;
  return Array.isArray(results) ? results : [];
}
