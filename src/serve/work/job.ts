import type { CompressMessagesOptions } from "../../compress/messages/message-options.js";
import type { CompressOptions } from "../../compress/types.js";
import type { BrevisErrorCode } from "../../errors.js";

/** One text, or one conversation, to compress; plain data, which goes to a thread. */
export type CompressJob =
  | { readonly text: string; readonly options: CompressOptions }
  | { readonly messages: readonly unknown[]; readonly options: CompressMessagesOptions };

/** What came of a job. */
export interface JobAnswer {
  /** The result as JSON, written where it was computed. */
  readonly json: string;
  readonly decision: "compressed" | "unchanged" | "failed-open";
  readonly tokens: { readonly original: number; readonly compressed: number };
  /** Whether the same job would give the same result again: not after a deadline or a fault. */
  readonly isLasting: boolean;
}

/** What a thread is sent. A cancelled job's number is written to the shared slot as well, which a busy thread can read. */
export type ToWorker = { readonly id: number; readonly job: CompressJob } | { readonly cancel: number };

/** What a thread sends: that it is ready, and the end of each job. */
export type FromWorker =
  | { readonly ready: true }
  | { readonly id: number; readonly answer: JobAnswer }
  | { readonly id: number; readonly error: { code: BrevisErrorCode; message: string; hint?: string | undefined } };

/** What a thread is started with. */
export interface WorkerSettings {
  readonly compress: { model?: string; adapter?: string; engine?: "auto" | "mlx" | "cpu" | "none" };
  readonly store?: string;
  /** What `openCapture` is opened with, where the operator wants texts captured. */
  readonly capture?: { folder?: string; share?: number; maxBytes?: number };
  readonly cancelled: SharedArrayBuffer;
}
