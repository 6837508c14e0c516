// Programs that are compiled for ES2022 have no disposables of their own.
/// <reference lib="esnext.disposable" preserve="true" />

import { BrevisError } from "../errors.js";
import { compress } from "./compress.js";
import { type CompressStream, streamWith } from "./compress-stream.js";
import { holdModels } from "./hold-models.js";
import { type CompressMessagesResult, compressMessages } from "./messages/compress-messages.js";
import { type CompressMessagesOptions, normalizeMessagesOptions } from "./messages/message-options.js";
import { type RestorableResult, type RestoreOptions, restore } from "./restore.js";
import type { CompressOptions, CompressResult, TokenCounts, Warning } from "./types.js";
import type { Assignment } from "./variants/assign-variant.js";
import {
  type Experiment,
  type ExperimentOptions,
  type Outcomes,
  openExperiment,
  type Variant,
} from "./variants/open-experiment.js";

/** What `createCompressor` takes: options of `compress` and of `compressMessages`, and variants of them to compare. */
export interface CompressorOptions extends CompressMessagesOptions {
  /** Options by a variant's name, two or more: each unit has one of them for good. */
  variants?: Readonly<Record<string, Variant>>;
  /** With `variants`: the experiment's name, and where exposures and outcomes are logged. */
  experiment?: ExperimentOptions;
}

/** With `variants`, what a call says beside its options. */
export interface UnitOption {
  /** Whom the call is for: the id of a user or a conversation. It has the same variant every time; the log has an HMAC of it. */
  unit?: string;
}

/** `compress`, `compressMessages` and `restore` with options of their own, which a call's options override. */
export interface Compressor extends AsyncDisposable {
  compress(text: string, options?: CompressOptions & UnitOption): Promise<CompressResult>;
  compressStream(text: string, options?: CompressOptions & UnitOption): CompressStream;
  compressMessages<Message>(
    messages: readonly Message[],
    options?: CompressMessagesOptions & UnitOption,
  ): Promise<CompressMessagesResult<Message>>;
  restore(compressed: RestorableResult | string, options?: RestoreOptions): Promise<string>;
  /**
   * With `variants`: notes what became of a unit, to compare the variants by.
   *
   * @throws {BrevisError} `invalid-option` without variants and for what is no outcome; `output-failed` where the log cannot be written
   */
  recordOutcome(unit: string, outcomes: Outcomes): Promise<void>;
  /** Closes the models that its calls have loaded, and the experiment's log, once those that run are done. Again is fine. */
  dispose(): Promise<void>;
}

/**
 * The functions of brevis with the options that an application wants everywhere. A model that `mode: "abstractive"` names is loaded
 * with the first call that needs it, and stays open until `dispose()`.
 *
 * With `variants` each call names a `unit`, which a stable hash assigns to a variant; the variant's options come before the call's, and what the
 * calls and `recordOutcome` say is logged for `brevis evaluate ab`.
 *
 * @param options options of `compress` and of `compressMessages`; a rate, budget or level of a call replaces all three
 * @throws {BrevisError} `invalid-option`, here already
 */
export function createCompressor(options: CompressorOptions = {}): Compressor {
  if (typeof options !== "object" || options === null) normalizeMessagesOptions(options);
  const { variants, experiment: about, ...defaults } = options;
  const { compress: ofCompress } = normalizeMessagesOptions(defaults);
  const experiment = openVariants(variants, about);
  const { store } = ofCompress;
  const models = holdModels();
  const prepareText = (given: (CompressOptions & UnitOption) | undefined) =>
    chooseOptions(ofCompress, given, experiment, (tried) => normalizeMessagesOptions(tried).compress);
  const close = async () => {
    await models.dispose();
    await experiment?.close();
  };
  return {
    async compress(text, given) {
      const { chosen, note } = prepareText(given);
      return note(await models.use(chosen, (loaded) => compress(text, loaded)));
    },
    compressStream(text, given) {
      const { chosen, note } = prepareText(given);
      return streamWith(async (own, call) => note(await models.use(own, call)), text, chosen);
    },
    async compressMessages(messages, given) {
      const { chosen, note } = chooseOptions(defaults, given, experiment, (tried) => tried);
      return note(await models.use(chosen, (loaded) => compressMessages(messages, loaded)));
    },
    restore: (compressed, given) => restore(compressed, { ...(store === undefined ? {} : { store }), ...given }),
    async recordOutcome(unit, outcomes) {
      if (experiment === undefined) throw noVariants();
      await experiment.recordOutcome(unit, outcomes);
    },
    dispose: close,
    [Symbol.asyncDispose]: close,
  };
}

/** What a call is compressed with, and what notes its result. */
interface Chosen<Options> {
  readonly chosen: Options;
  note<Result extends { tokens: TokenCounts; warnings: readonly Warning[] }>(result: Result): Promise<Result>;
}

function chooseOptions<Options extends CompressMessagesOptions & UnitOption>(
  defaults: Options,
  given: Options | undefined,
  experiment: Experiment | undefined,
  ofWhat: (tried: CompressMessagesOptions) => CompressMessagesOptions,
): Chosen<Options> {
  if (experiment === undefined) {
    if (given?.unit !== undefined) throw noVariants();
    return { chosen: withDefaults(defaults, given), note: async (result) => result };
  }
  const { unit, ...options } = (given ?? {}) as Options;
  const { options: tried, ...assignment } = experiment.assign(unit as string);
  const chosen = withDefaults(withDefaults(defaults, options as Options), ofWhat(tried) as Options);
  return { chosen, note: noteBy(experiment, assignment) };
}

function noteBy(experiment: Experiment, assignment: Assignment): Chosen<unknown>["note"] {
  const began = performance.now();
  return async (result) => {
    const warnings = await experiment.expose(assignment, result.tokens, performance.now() - began);
    const { variant } = assignment;
    return {
      ...result,
      variant,
      warnings: warnings.length === 0 ? result.warnings : [...result.warnings, ...warnings],
    };
  };
}

function openVariants(variants: CompressorOptions["variants"], about: ExperimentOptions | undefined) {
  if (variants !== undefined) return openExperiment(variants, about);
  if (about === undefined) return undefined;
  throw new BrevisError("invalid-option", "Option experiment: expected variants beside it but received none.");
}

function noVariants(): BrevisError {
  return new BrevisError("invalid-option", "Expected a compressor with variants but this one has none.", {
    hint: "createCompressor({ variants: { … }, experiment: { log } })",
  });
}

const goals = ["rate", "budget", "level"] as const;

function withDefaults<Options extends CompressOptions>(defaults: Options, options: Options | undefined): Options {
  if (typeof options !== "object" || options === null) return (options as Options | undefined) ?? defaults;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const rest = { ...defaults };
  if (goals.some((goal) => goal in given)) for (const goal of goals) delete rest[goal];
  return { ...rest, ...given };
}
