import type { ModelWord } from "./find-model-words.js";
import { longestRead, modelFeatures, readWordFeatures, wordFeatureCount } from "./read-word-features.js";

/** Of a long word, a hash say, so many tokens are read. */
export const mostPieces = 6;

/** The tokens of a text's words, with their features and the word that each belongs to. */
export interface EncodedWords {
  readonly tokens: Int32Array;
  /** `[tokens, modelFeatures.length]`, row-major; empty for a model without features. */
  readonly features: Int32Array;
  /** The word of each token; never falls. */
  readonly wordOfToken: Int32Array;
}

/** A word as its tokens are looked up: its beginning, in lower case. */
export function foldWord(source: string, { start, end }: ModelWord): string {
  return source.slice(start, Math.min(end, start + longestRead)).toLowerCase();
}

/**
 * Encodes the words of `source[start, end)`.
 *
 * @param encodeWord gives the token ids of one folded word
 */
export function encodeWords(
  source: string,
  words: readonly ModelWord[],
  { start, end }: { readonly start: number; readonly end: number },
  encodeWord: (folded: string) => Int32Array,
): EncodedWords {
  const pieces = words.map((word) => encodeWord(foldWord(source, word)).subarray(0, mostPieces));
  const count = pieces.reduce((sum, { length }) => sum + length, 0);
  const ofWords = readWordFeatures(source, words, start, end);
  const width = modelFeatures.length;
  const tokens = new Int32Array(count);
  const features = new Int32Array(count * width);
  const wordOfToken = new Int32Array(count);
  let token = 0;
  pieces.forEach((ids, word) => {
    const ofWord = ofWords.subarray(word * wordFeatureCount, (word + 1) * wordFeatureCount);
    ids.forEach((id, piece) => {
      tokens[token] = id;
      wordOfToken[token] = word;
      features.set(ofWord, token * width);
      features[token * width + wordFeatureCount] = 1 + pieceOf(piece, ids.length);
      token++;
    });
  });
  return { tokens, features, wordOfToken };
}

/** Of a word with what stands before it, so many tokens at the end are read. */
const mostPiecesInContext = 32;

/**
 * Encodes words for a model without features, a Qwen3 that was adapted: each with all that stands before it, so that the tokens are almost
 * those of the whole text.
 *
 * @param encodeText gives the token ids of any text
 */
export function encodeWordsInContext(
  source: string,
  words: readonly ModelWord[],
  encodeText: (text: string) => Int32Array,
): EncodedWords {
  const pieces = words.map(({ end }, at) =>
    encodeText(source.slice(words[at - 1]?.end ?? 0, end).slice(-longestInContext)).slice(-mostPiecesInContext),
  );
  const tokens = Int32Array.from(pieces.flatMap((ids) => [...ids]));
  const wordOfToken = Int32Array.from(pieces.flatMap((ids, word) => Array.from(ids, () => word)));
  return { tokens, features: new Int32Array(0), wordOfToken };
}

/** Of longer stretches the end is read: what makes more than the tokens that count. */
const longestInContext = 256;

/** Where a token stands in its word: alone, or first, inner or last of two, or of more. */
function pieceOf(piece: number, pieces: number): number {
  if (pieces === 1) return 0;
  const place = piece === 0 ? 0 : piece === pieces - 1 ? 2 : 1;
  return 1 + place + (pieces > 2 ? 3 : 0);
}
