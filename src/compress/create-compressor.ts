import { compress } from "./compress.js";
import { type CompressMessagesResult, compressMessages } from "./messages/compress-messages.js";
import { type CompressMessagesOptions, normalizeMessagesOptions } from "./messages/message-options.js";
import { type RestorableResult, type RestoreOptions, restore } from "./restore.js";
import type { CompressOptions, CompressResult } from "./types.js";

/** `compress`, `compressMessages` and `restore` with options of their own, which a call's options override. */
export interface Compressor {
  compress(text: string, options?: CompressOptions): Promise<CompressResult>;
  compressMessages<Message>(
    messages: readonly Message[],
    options?: CompressMessagesOptions,
  ): Promise<CompressMessagesResult<Message>>;
  restore(compressed: RestorableResult | string, options?: RestoreOptions): Promise<string>;
}

/**
 * The functions of brevis with the options that an application wants everywhere.
 *
 * @param defaults options of `compress` and of `compressMessages`; a rate, budget or level of a call replaces all three
 * @throws {BrevisError} `invalid-option`, here already
 */
export function createCompressor(defaults: CompressMessagesOptions = {}): Compressor {
  const { compress: ofCompress } = normalizeMessagesOptions(defaults);
  const { store } = ofCompress;
  return {
    compress: (text, options) => compress(text, withDefaults(ofCompress, options)),
    compressMessages: (messages, options) => compressMessages(messages, withDefaults(defaults, options)),
    restore: (compressed, options) => restore(compressed, { ...(store === undefined ? {} : { store }), ...options }),
  };
}

const goals = ["rate", "budget", "level"] as const;

function withDefaults<Options extends CompressOptions>(defaults: Options, options: Options | undefined): Options {
  if (typeof options !== "object" || options === null) return (options as Options | undefined) ?? defaults;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const rest = { ...defaults };
  if (goals.some((goal) => goal in given)) for (const goal of goals) delete rest[goal];
  return { ...rest, ...given };
}
