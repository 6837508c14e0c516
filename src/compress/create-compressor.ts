// Programs that are compiled for ES2022 have no disposables of their own.
/// <reference lib="esnext.disposable" preserve="true" />

import { compress } from "./compress.js";
import { type CompressStream, streamWith } from "./compress-stream.js";
import { holdModels } from "./hold-models.js";
import { type CompressMessagesResult, compressMessages } from "./messages/compress-messages.js";
import { type CompressMessagesOptions, normalizeMessagesOptions } from "./messages/message-options.js";
import { type RestorableResult, type RestoreOptions, restore } from "./restore.js";
import type { CompressOptions, CompressResult } from "./types.js";

/** `compress`, `compressMessages` and `restore` with options of their own, which a call's options override. */
export interface Compressor extends AsyncDisposable {
  compress(text: string, options?: CompressOptions): Promise<CompressResult>;
  compressStream(text: string, options?: CompressOptions): CompressStream;
  compressMessages<Message>(
    messages: readonly Message[],
    options?: CompressMessagesOptions,
  ): Promise<CompressMessagesResult<Message>>;
  restore(compressed: RestorableResult | string, options?: RestoreOptions): Promise<string>;
  /** Closes the models that its calls have loaded, once those that run are done. Again is fine. */
  dispose(): Promise<void>;
}

/**
 * The functions of brevis with the options that an application wants everywhere. A model that `mode: "abstractive"` names is loaded
 * with the first call that needs it, and stays open until `dispose()`.
 *
 * @param defaults options of `compress` and of `compressMessages`; a rate, budget or level of a call replaces all three
 * @throws {BrevisError} `invalid-option`, here already
 */
export function createCompressor(defaults: CompressMessagesOptions = {}): Compressor {
  const { compress: ofCompress } = normalizeMessagesOptions(defaults);
  const { store } = ofCompress;
  const models = holdModels();
  return {
    compress: (text, options) => models.use(withDefaults(ofCompress, options), (chosen) => compress(text, chosen)),
    compressStream: (text, options) => streamWith(models.use, text, withDefaults(ofCompress, options)),
    compressMessages: (messages, options) =>
      models.use(withDefaults(defaults, options), (chosen) => compressMessages(messages, chosen)),
    restore: (compressed, options) => restore(compressed, { ...(store === undefined ? {} : { store }), ...options }),
    dispose: models.dispose,
    [Symbol.asyncDispose]: models.dispose,
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
