export { compress } from "./compress/compress.js";
export { type RestorableResult, type RestoreOptions, restore } from "./compress/restore.js";
export type {
  CompressOptions,
  CompressResult,
  Kind,
  Level,
  Loss,
  Mode,
  Omission,
  OriginalsStore,
  SegmentReport,
  TokenCounts,
  Warning,
  WarningCode,
} from "./compress/types.js";
export { BrevisError, type BrevisErrorCode } from "./errors.js";
export { type DiskStore, openStore, type StoreOptions } from "./store/open-store.js";
