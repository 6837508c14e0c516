import { characterOfByte } from "./byte-alphabet.js";

/** Gives the token ids of a text. */
export type EncodeText = (text: string) => Int32Array;

/** What is read of a `tokenizer.json`. */
interface WordTokenizerFile {
  readonly normalizer: unknown;
  readonly pre_tokenizer: { readonly pretokenizers: readonly [{ readonly pattern: { readonly Regex: string } }] };
  readonly post_processor: unknown;
  readonly added_tokens: readonly { readonly special: boolean }[];
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
}

/**
 * Encodes text as a tokenizer of the form that keep models have: lower case, words by a pattern, byte-level BPE in each, and nothing else.
 * It is ready ten times as fast as the library that reads tokenizers of any form, and as exact.
 *
 * @param content a parsed `tokenizer.json`
 * @returns undefined for a tokenizer of another form
 */
export function createWordTokenizer(content: unknown): EncodeText | undefined {
  if (!isWordTokenizer(content)) return undefined;
  const { vocab, merges } = content.model;
  const pattern = new RegExp(content.pre_tokenizer.pretokenizers[0].pattern.Regex, "gu");
  const idsOfBytes = Int32Array.from({ length: 256 }, (_, byte) => vocab[characterOfByte(byte)] ?? -1);
  const names: string[] = [];
  for (const name in vocab) names[vocab[name]!] = name;
  const size = names.length;
  const ranks = new Map<number, number>();
  const merged = new Int32Array(merges.length);
  // Trainers number what merges make in the order of the merges, which saves looking most of them up.
  const firstMerged = size - merges.length;
  for (let rank = 0; rank < merges.length; rank++) {
    const merge = merges[rank]!;
    const left = merge[0];
    const right = merge[1];
    const name = left + right;
    const id = names[firstMerged + rank] === name ? firstMerged + rank : vocab[name];
    const leftId = vocab[left];
    const rightId = vocab[right];
    if (id === undefined || leftId === undefined || rightId === undefined) return undefined;
    ranks.set(leftId * size + rightId, rank);
    merged[rank] = id;
  }
  if (idsOfBytes.includes(-1) || ranks.size !== merges.length) return undefined;

  const encoder = new TextEncoder();
  const encodeWord = (word: string): number[] => {
    const ids = Array.from(encoder.encode(word), (byte) => idsOfBytes[byte]!);
    for (;;) {
      let best = merges.length;
      let place = -1;
      for (let at = 0; at + 1 < ids.length; at++) {
        const rank = ranks.get(ids[at]! * size + ids[at + 1]!);
        if (rank === undefined || rank >= best) continue;
        best = rank;
        place = at;
      }
      if (place < 0) return ids;
      ids.splice(place, 2, merged[best]!);
    }
  };
  return (text) => Int32Array.from((text.toWellFormed().toLowerCase().match(pattern) ?? []).flatMap(encodeWord));
}

/** Everything in the file but its pattern, vocabulary and merges, as it has to be. A key that is not here may be null or false. */
const form = {
  normalizer: { type: "Lowercase" },
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: "" }, behavior: "Removed", invert: true },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
  post_processor: null,
  model: { type: "BPE", vocab: {}, merges: [] },
};

function isWordTokenizer(content: unknown): content is WordTokenizerFile {
  if (typeof content !== "object" || content === null) return false;
  const { normalizer, pre_tokenizer, post_processor, added_tokens, model } = content as Partial<WordTokenizerFile>;
  if (!Array.isArray(added_tokens) || !added_tokens.every(({ special }) => special === true)) return false;
  return isOfForm({ normalizer, pre_tokenizer, post_processor, model }, form) && Array.isArray(model?.merges[0]);
}

function isOfForm(value: unknown, expected: unknown): boolean {
  if (Array.isArray(expected) && expected.length === 0) return Array.isArray(value);
  if (expected === "") return typeof value === "string";
  if (typeof expected !== "object" || expected === null) return value === expected;
  if (typeof value !== "object" || value === null || Array.isArray(value) !== Array.isArray(expected)) return false;
  const fields = expected as Record<string, unknown>;
  if (Object.keys(fields).length === 0) return true;
  return [...new Set([...Object.keys(fields), ...Object.keys(value)])].every((name) => {
    const field = (value as Record<string, unknown>)[name];
    return name in fields ? isOfForm(field, fields[name]) : field === null || field === false;
  });
}
