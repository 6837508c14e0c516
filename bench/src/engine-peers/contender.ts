/** What is timed: one run of a keep model over `tokens` ids, a prompt's prefill up to its first token, or one token of decoding. */
export type BenchTask = "keep" | "prefill" | "decode";

interface Common {
  readonly label: string;
  readonly task: BenchTask;
  /** The prompt's length. */
  readonly tokens: number;
  /** A model directory, or the file of a peer's model. */
  readonly model: string;
  readonly vocabulary: number;
}

/** One engine with its settings; plain data, since each runs in a process of its own. */
export type ContenderSpec =
  | (Common & { readonly engine: "brevis"; readonly quantizeBits?: 8; readonly threads?: number })
  | (Common & { readonly engine: "onnxruntime" })
  | (Common & { readonly engine: "llama.cpp"; readonly threads: number; readonly flashAttention: boolean });

/** An engine that is ready to run. */
export interface Contender {
  /** Version and kernels, for the record. */
  readonly description: string;
  /** Runs once; decoding generates so many tokens after the first. @returns milliseconds: of the run, or of one token when decoding */
  run(decoded: number): Promise<number>;
  /** What both sides must agree on: logits of each token of a keep model, else those after a short prompt. */
  output(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Tokens that a decode run generates after the first, and those of a trial. */
export const decodedTokens = 48;
export const decodedInTrial = 8;

/** Length of the prompt whose logits are compared. */
export const comparedTokens = 32;
