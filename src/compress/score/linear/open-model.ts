import { readFileSync } from "node:fs";

/** The weights of the linear scorer, as scripts/keep/train_linear.py writes them. */
export interface LinearModel {
  /** For words: what writers keep, and what answers questions. Both have `2 ** wordBits` weights. */
  readonly keep: Int8Array;
  readonly answer: Int8Array;
  /** For lines: `2 ** lineBits` weights, the second half for their words. */
  readonly line: Int8Array;
  /** Two rows of eighths of bits, see `bitsOf`. */
  readonly frequencies: Uint8Array;
  readonly keepScale: number;
  readonly answerScale: number;
  readonly offset: number;
  readonly lineScale: number;
}

export const wordBits = 17;
export const lineBits = 16;
export const frequencyBits = 16;

/** Features and hashes that this version reads. */
const version = "1";

let opened: LinearModel | null | undefined;

/** The model that the package carries, read once a process; null where its file is missing or of another version. */
export function openLinearModel(): LinearModel | null {
  if (opened === undefined) {
    try {
      opened = readModel(readFileSync(new URL("../../../../models/linear-keep/model.safetensors", import.meta.url)));
    } catch {
      // A bundler may have left the file behind: scoring goes on without it, and the result names the scorer.
      opened = null;
    }
  }
  return opened;
}

interface Header {
  readonly __metadata__: Readonly<Record<string, string>>;
  readonly [tensor: string]: { readonly data_offsets?: readonly [number, number] } & Readonly<Record<string, unknown>>;
}

/**
 * Reads a model from the bytes of its safetensors file.
 *
 * @throws {Error} for a file that is cut short, or of another version
 */
export function readModel(file: Uint8Array): LinearModel {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(bytes.getBigUint64(0, true));
  const header: Header = JSON.parse(Buffer.from(file.subarray(8, 8 + headerLength)).toString("utf8"));
  const { __metadata__: metadata } = header;
  if (metadata.brevis !== "linear-keep" || metadata.version !== version) {
    throw new Error(`Expected a linear keep model of version ${version} but found ${JSON.stringify(metadata)}.`);
  }
  const bytesOf = (name: string, length: number) => {
    const [from, to] = header[name]?.data_offsets ?? [0, 0];
    const start = 8 + headerLength + from;
    if (to - from !== length || start + length > file.byteLength) {
      throw new Error(`Expected tensor ${name} to have ${length} bytes but found ${to - from}.`);
    }
    // A copy: slice() of a Buffer would be a view of the whole file.
    return new Uint8Array(file.subarray(start, start + length));
  };
  const weightsOf = (name: string, bits: number) => new Int8Array(bytesOf(name, 2 ** bits).buffer);
  return {
    keep: weightsOf("keep", wordBits),
    answer: weightsOf("answer", wordBits),
    line: weightsOf("line", lineBits),
    frequencies: bytesOf("frequencies", 2 * 2 ** frequencyBits),
    keepScale: Number(metadata.keep_scale),
    answerScale: Number(metadata.answer_scale),
    offset: Number(metadata.offset),
    lineScale: Number(metadata.line_scale),
  };
}
