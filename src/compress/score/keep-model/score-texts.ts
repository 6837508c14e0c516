import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type EncodedWords, encodeWords, encodeWordsInContext } from "./encode-words.js";
import { findModelWords, type ModelWord } from "./find-model-words.js";
import { outputCount } from "./model-outputs.js";
import type { KeepModel } from "./open-keep-model.js";
import { planWindows, type Window } from "./plan-windows.js";
import { modelFeatures } from "./read-word-features.js";

/** A text to score: what it is of, and the share of its tokens that is to stay, in tenths. */
export interface TextToScore {
  readonly text: string;
  readonly kind: string;
  readonly tenths: number;
}

/** The words of a text, and what the model says of each: logits, `[words, outputCount]`, means over the words' tokens. */
export interface ScoredWords {
  readonly words: readonly ModelWord[];
  readonly logits: Float32Array;
}

/** Bytes of scores that a process remembers. */
const mostRemembered = 32 << 20;
/** Windows that one call of the engine scores, so that other calls get their turn. */
const windowsOfCall = 32;

const remembered = new LRUCache<string, ScoredWords>({
  maxSize: mostRemembered,
  sizeCalculation: ({ words, logits }) => 64 * words.length + logits.byteLength + 256,
});

/**
 * Scores texts, each by itself, in as few calls of the engine as there can be. What was scored before is not scored again.
 *
 * @param meanwhile work for this thread, called when the engine has the first of its own
 */
export async function scoreTexts(
  model: KeepModel,
  texts: readonly TextToScore[],
  signal?: AbortSignal,
  meanwhile: () => void = () => {},
): Promise<ScoredWords[]> {
  const keys = texts.map((text) => keyOf(model, text));
  const found = keys.map((key) => remembered.get(key));
  const missing = texts.flatMap((text, at) => (found[at] === undefined ? [{ ...readText(model, text), at }] : []));
  const tasks = missing.flatMap((text) => text.windows.map((window) => ({ text, window })));
  for (let from = 0; from < tasks.length; from += windowsOfCall) {
    const batch = tasks.slice(from, from + windowsOfCall);
    const sequences = batch.map(({ text, window }) => sliceSequence(text, window));
    const answering = model.engine.logits(sequences, signal === undefined ? {} : { signal });
    if (from === 0) meanwhile();
    const answers = await answering;
    batch.forEach(({ text, window }, at) => {
      addScores(text, window, answers[at]!);
    });
  }
  for (const { at, words, sums, pieces } of missing) {
    const logits = sums.map((sum, index) => sum / Math.max(1, pieces[Math.floor(index / outputCount)]!));
    found[at] = { words, logits };
    remembered.set(keys[at]!, found[at]);
  }
  return found as ScoredWords[];
}

interface ReadText extends EncodedWords {
  readonly words: readonly ModelWord[];
  readonly windows: readonly Window[];
  readonly opening: readonly number[];
  /** Sums of the logits of each word's tokens, `[words, outputCount]`. */
  readonly sums: Float32Array;
  /** Tokens of each word. */
  readonly pieces: Uint8Array;
}

function keyOf({ name, engine }: KeepModel, { text, kind, tenths }: TextToScore): string {
  const hash = createHash("sha256").update(text, "utf16le").digest("base64");
  return `${hash} ${kind} ${tenths} ${engine.info.engine} ${name}`;
}

function readText(model: KeepModel, { text, kind, tenths }: TextToScore): ReadText {
  const words = findModelWords(text);
  const hasFeatures = model.engine.info.featureCount > 0;
  const encoded = hasFeatures
    ? encodeWords(text, words, { start: 0, end: text.length }, model.encodeWord)
    : encodeWordsInContext(text, words, model.encodeWord);
  return {
    ...encoded,
    words,
    windows: planWindows(encoded.wordOfToken),
    opening: model.openingOf(kind, tenths),
    sums: new Float32Array(words.length * outputCount),
    pieces: new Uint8Array(words.length),
  };
}

/** A window's tokens and features, after the tokens that open every sequence and have no features. */
function sliceSequence({ tokens, features, opening }: ReadText, { start, end }: Window) {
  const width = features.length === 0 ? 0 : modelFeatures.length;
  const ids = new Int32Array(end - start + opening.length);
  ids.set(opening);
  ids.set(tokens.subarray(start, end), opening.length);
  const ofTokens = new Int32Array(ids.length * width);
  ofTokens.set(features.subarray(start * width, end * width), opening.length * width);
  return width === 0 ? { tokens: ids } : { tokens: ids, features: ofTokens };
}

function addScores(text: ReadText, { start, first, last }: Window, logits: Float32Array): void {
  for (let token = first; token < last; token++) {
    const word = text.wordOfToken[token]!;
    const from = (token - start + text.opening.length) * outputCount;
    for (let output = 0; output < outputCount; output++) {
      text.sums[word * outputCount + output]! += logits[from + output]!;
    }
    text.pieces[word]!++;
  }
}
