/** @module brevis */

export { type CaptureOptions, type DiskCapture, openCapture } from "./capture/open-capture.js";
export { compress } from "./compress/compress.js";
export { type CompressStream, compressStream } from "./compress/compress-stream.js";
export {
  type Compressor,
  type CompressorOptions,
  createCompressor,
  type UnitOption,
} from "./compress/create-compressor.js";
export {
  type CompressMessagesResult,
  compressMessages,
  type MessageReport,
  type MessageTextReport,
} from "./compress/messages/compress-messages.js";
export type { TextRole } from "./compress/messages/find-texts.js";
export type { CompressMessagesOptions } from "./compress/messages/message-options.js";
export { restoreToolCalls } from "./compress/messages/restore-tool-calls.js";
export { type RestorableResult, type RestoreOptions, restore } from "./compress/restore.js";
export { createRestorer, type RestorerOptions } from "./compress/restoring/create-restorer.js";
export type {
  CompressOptions,
  CompressResult,
  InputCapture,
  Kind,
  Level,
  Loss,
  Mode,
  Omission,
  OriginalsStore,
  SegmentKind,
  SegmentReport,
  TokenCounts,
  Warning,
  WarningCode,
} from "./compress/types.js";
export type { ExperimentLine } from "./compress/variants/experiment-line.js";
export type { ExperimentOptions, Outcomes, Variant } from "./compress/variants/open-experiment.js";
export { loadLanguageModel as loadModel } from "./engine/models/load-language-model.js";
export type {
  AdapterUse,
  ChatMessage,
  EngineChoice,
  EngineModelInfo,
  EngineName,
  GenerateOptions,
  GenerationReport,
  LanguageModel,
  OpenModelOptions,
  TextStream,
  TextTokenizer,
} from "./engine/types.js";
export { BrevisError, type BrevisErrorCode } from "./errors.js";
export { type DiskStore, openStore, type StoreOptions } from "./store/open-store.js";
