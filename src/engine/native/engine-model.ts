import { resolve } from "node:path";
import type { CallOptions, EngineModel, EngineModelInfo, EngineSession, TokenSequence } from "../types.js";
import { toNativeAdapters } from "./adapter-uses.js";
import type { NativeModel } from "./addon-types.js";
import { closeOnce } from "./close-once.js";
import { NativeEngineSession } from "./engine-session.js";
import { settleCall } from "./settle-call.js";

/** An open model of the addon's. Holds nothing but the native handle, so that the garbage collector may close what is forgotten. */
export class NativeEngineModel implements EngineModel {
  readonly directory: string;
  readonly info: EngineModelInfo;
  readonly #model: NativeModel;
  readonly #close: () => Promise<void>;

  constructor(directory: string, model: NativeModel) {
    this.directory = directory;
    this.info = Object.freeze(model.describe());
    this.#model = model;
    this.#close = closeOnce(model);
  }

  async loadAdapter(name: string, directory: string, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const path = typeof directory === "string" ? resolve(directory) : directory;
    return settleCall(() => this.#model.loadAdapter(name, path), options.signal);
  }

  async dropAdapter(name: string): Promise<void> {
    return settleCall(() => this.#model.dropAdapter(name), undefined);
  }

  async keep(sequences: readonly TokenSequence[], options: CallOptions = {}): Promise<Float32Array[]> {
    return settleCall(() => this.#model.keep(sequences, toNativeAdapters(options.adapters)), options.signal);
  }

  async logits(sequences: readonly TokenSequence[], options: CallOptions = {}): Promise<Float32Array[]> {
    return settleCall(() => this.#model.logits(sequences, toNativeAdapters(options.adapters)), options.signal);
  }

  async openSession(options: { readonly context?: number } = {}): Promise<EngineSession> {
    const { context = 0 } = options;
    return new NativeEngineSession(await settleCall(() => this.#model.openSession({ context }), undefined));
  }

  dispose(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}
