import { BrevisError } from "../../errors.js";
import type { EngineSession, GenerateOptions, TokenStream } from "../types.js";
import { toNativeAdapters } from "./adapter-uses.js";
import type { NativeGenerateOptions, NativeSession } from "./addon-types.js";
import { closeOnce } from "./close-once.js";
import { NativeTokenStream } from "./token-stream.js";

/** A session of the addon's. */
export class NativeEngineSession implements EngineSession {
  readonly #session: NativeSession;
  readonly #close: () => Promise<void>;

  constructor(session: NativeSession) {
    this.#session = session;
    this.#close = closeOnce(session);
  }

  generate(prompt: Int32Array, options: GenerateOptions): TokenStream {
    const session = this.#session;
    return new NativeTokenStream(
      (onTokens) => session.generate(prompt, toNativeOptions(options), onTokens),
      options?.signal,
    );
  }

  dispose(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

function toNativeOptions(options: GenerateOptions): NativeGenerateOptions {
  return {
    maxTokens: options.maxTokens,
    temperature: options.temperature ?? 0,
    topK: options.topK ?? 0,
    topP: options.topP ?? 0,
    minP: options.minP ?? 0,
    repetitionPenalty: options.repetitionPenalty ?? 0,
    seed: options.seed ?? 0,
    stopIds: toIds(options.stopIds),
    lookupTokens: options.lookupTokens ?? 0,
    lookupNgram: options.lookupNgram ?? 0,
    adapters: toNativeAdapters(options.adapters),
  };
}

/** An Int32Array would take any number for one of its own. */
function toIds(ids: readonly number[] = []): Int32Array {
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id > 0x7fffffff);
  if (wrong === undefined) return Int32Array.from(ids);
  throw new BrevisError("invalid-input", `stopIds: expected token ids but received ${String(wrong)}.`);
}
