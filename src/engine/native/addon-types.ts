/**
 * What native/addon/ exports: the one place where TypeScript learns of it.
 */
import type { EngineModelInfo, EngineName, GenerationReport, TokenSequence } from "../types.js";

/** BRV_ENGINE_ABI_VERSION of native/include/brevis_engine.h that this code is written for. */
export const engineAbiVersion = 1;

/** The loaded build/native/brevis.node. */
export interface NativeAddon {
  /** BRV_ENGINE_ABI_VERSION that the addon was compiled with. */
  readonly abiVersion: number;
  /** The engine in a dynamic library, or without a path the CPU engine, which is linked in. Throws `not-found`. */
  loadEngine(libraryPath?: string): NativeEngine;
}

/**
 * What an error of a call has in its property `reason`. All but the last three are a brv_status of the engine's; the last
 * are the addon's: the queue is full, the model or session was closed before, or while the call waited.
 * Arguments of a wrong type or range throw a TypeError or RangeError without a reason, before anything is queued.
 */
export type NativeFailureReason =
  | "argument"
  | "not-found"
  | "invalid"
  | "unsupported"
  | "changed"
  | "cancelled"
  | "busy"
  | "memory"
  | "internal"
  | "overloaded"
  | "closed"
  | "refused";

/** A call under way. Its promise rejects with `cancelled` when cancelled: at once while it waits, else at the engine's next check. */
export interface NativeCall<Result> {
  readonly promise: Promise<Result>;
  cancel(): void;
}

export interface NativeGeneration extends NativeCall<GenerationReport> {
  /** Ends the generation without a failure: its report says `callback`. */
  stop(): void;
}

export interface NativeEngine {
  readonly name: EngineName;
  openModel(directory: string, options: NativeOpenOptions): NativeCall<NativeModel>;
}

/** brv_open_options, and the addon's queue. 0 is the engine's default. */
export interface NativeOpenOptions {
  readonly threads: number;
  /** BRV_ACTIVATIONS_*: auto, float, int8. */
  readonly activations: 0 | 1 | 2;
  readonly quantizeBits: 0 | 8;
  readonly queueLimit: number;
}

export interface NativeAdapterUse {
  readonly name: string;
  readonly scale: number;
}

/** Inputs are copied when a method is called. One that becomes unreachable is closed after the calls that it has. */
export interface NativeModel {
  describe(): EngineModelInfo;
  loadAdapter(name: string, directory: string): NativeCall<void>;
  dropAdapter(name: string): NativeCall<void>;
  keep(sequences: readonly TokenSequence[], adapters: readonly NativeAdapterUse[]): NativeCall<Float32Array[]>;
  logits(sequences: readonly TokenSequence[], adapters: readonly NativeAdapterUse[]): NativeCall<Float32Array[]>;
  openSession(options: { readonly context: number }): NativeCall<NativeSession>;
  /** Refuses what waits, waits for what runs, and closes the model and its sessions. Once. */
  close(): Promise<void>;
}

export interface NativeSession {
  /** `onTokens` gets the tokens that came since it was last called, and must not throw. */
  generate(
    prompt: Int32Array,
    options: NativeGenerateOptions,
    onTokens: (tokens: Int32Array) => void,
  ): NativeGeneration;
  /** Refuses its generations that wait, and closes the session after the calls before this one. Once. */
  close(): Promise<void>;
}

/** brv_generate_options with its brv_sampling; 0 is the engine's default. */
export interface NativeGenerateOptions {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repetitionPenalty: number;
  readonly seed: number;
  readonly stopIds: Int32Array;
  readonly lookupTokens: number;
  readonly lookupNgram: number;
  readonly adapters: readonly NativeAdapterUse[];
}
