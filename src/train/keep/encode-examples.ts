import { encodeWords, encodeWordsInContext } from "../../compress/score/keep-model/encode-words.js";
import { findModelWords, type ModelWord } from "../../compress/score/keep-model/find-model-words.js";
import { planWindows, type Window } from "../../compress/score/keep-model/plan-windows.js";
import { modelFeatures } from "../../compress/score/keep-model/read-word-features.js";
import type { LabelledText, TextLabel } from "./label-texts.js";

/** One sequence of tokens with what a keep model should say of it: a line of what `brevis-train` reads (docs/training-swift.md). */
export interface KeepExample {
  readonly tokens: readonly number[];
  /** `[tokens, features]`, row-major; left out for models without features. */
  readonly features?: readonly number[];
  readonly labels: readonly {
    readonly output: number;
    /** The word or line of each token; -1: none. */
    readonly groups: readonly number[];
    /** The chance that is wanted of each group. */
    readonly targets: readonly number[];
    readonly weight: number;
  }[];
}

/** What encodes a text's words for one model. */
export interface WordEncoder {
  /** The tokens that open a sequence; none for a model that was made for other texts. */
  openingOf(kind: string, tenths: number): readonly number[];
  encodeWord(word: string): Int32Array;
  /** Whether the model reads features, and words alone in lower case; else words come with what stands before them. */
  readonly hasFeatures: boolean;
}

interface EncodedText {
  readonly tokens: Int32Array;
  readonly features: Int32Array | undefined;
  readonly wordOfToken: Int32Array;
  readonly words: readonly ModelWord[];
}

/** Cuts a text into the windows that `compress` scores it in, each with the labels of the tokens that are scored there. */
export function encodeExamples(labelled: LabelledText, encoder: WordEncoder): KeepExample[] {
  const encoded = encodeText(labelled.text, encoder);
  const opening = encoder.openingOf(labelled.kind, labelled.tenths);
  const groups = labelled.labels.map((label) => groupWords(encoded.words, label));
  return planWindows(encoded.wordOfToken).map((window) =>
    cutExample(encoded, window, opening, labelled.labels, groups),
  );
}

function encodeText(text: string, encoder: WordEncoder): EncodedText {
  const words = findModelWords(text);
  if (encoder.hasFeatures) {
    return { ...encodeWords(text, words, { start: 0, end: text.length }, encoder.encodeWord), words };
  }
  const { tokens, wordOfToken } = encodeWordsInContext(text, words, encoder.encodeWord);
  return { tokens, features: undefined, wordOfToken, words };
}

interface WordGroups {
  /** Of each word. */
  readonly groups: Int32Array;
  /** Of each group. */
  readonly chances: readonly number[];
}

/** For each word what is wanted of it: a chance with a group of its own, or of the line that it stands in; -1: no group. */
function groupWords(words: readonly ModelWord[], { of, stretches, chances }: TextLabel): WordGroups {
  let at = 0;
  const places = words.map(({ start, end }) => {
    const reach = of === "line" ? start + 1 : end;
    while (at + 1 < stretches.length && stretches[at + 1]![0] < reach) at++;
    const found = stretches[at];
    return found !== undefined && found[0] < reach && found[1] > start ? at : -1;
  });
  if (of === "line") return { groups: Int32Array.from(places), chances: [...chances] };
  return { groups: Int32Array.from(words.keys()), chances: places.map((place) => (place < 0 ? 0 : chances[place]!)) };
}

function cutExample(
  { tokens, features, wordOfToken }: EncodedText,
  window: Window,
  opening: readonly number[],
  labels: readonly TextLabel[],
  grouped: readonly WordGroups[],
): KeepExample {
  const { start, end } = window;
  const width = modelFeatures.length;
  const untold = new Array<number>(opening.length * width).fill(0);
  const words = wordOfToken.subarray(start, end);
  return {
    tokens: [...opening, ...tokens.subarray(start, end)],
    ...(features === undefined ? {} : { features: [...untold, ...features.subarray(start * width, end * width)] }),
    labels: labels.map(({ output, weight }, at) => {
      const { groups, targets } = numberGroups(words, grouped[at]!, window);
      return { output, weight, groups: [...opening.map(() => -1), ...groups], targets };
    }),
  };
}

/** The groups of a window's tokens, numbered from 0; tokens that another window scores have none. */
function numberGroups(words: Int32Array, { groups, chances }: WordGroups, { start, first, last }: Window) {
  const targets: number[] = [];
  const numbers = new Map<number, number>();
  const ofTokens = Array.from(words, (word, index) => {
    const group = groups[word]!;
    if (start + index < first || start + index >= last || group < 0) return -1;
    let number = numbers.get(group);
    if (number === undefined) {
      number = targets.push(chances[group]!) - 1;
      numbers.set(group, number);
    }
    return number;
  });
  return { groups: ofTokens, targets };
}
