import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { generateSyntheticPairs } from "./generate-synthetic-pairs.js";

/** What to write. */
export interface TextOptions {
  /** Length of each text, in tokens of the counter; met to within a word. */
  readonly tokens: number;
  readonly count: number;
  /** The same seed gives the same texts; no two texts of a call are alike. */
  readonly seed: number;
  /** Names of scenarios, mixed in turn. */
  readonly scenarios: readonly string[];
}

/** Writes texts of one length from the scenarios' grammars: each begins as one of them and goes on with others. */
export async function writeTexts(options: TextOptions, counter: TokenCounter): Promise<string[]> {
  const { tokens, count, seed, scenarios } = options;
  // No end: as many as it takes.
  const source = generateSyntheticPairs({ texts: Number.MAX_SAFE_INTEGER, seed, scenarios });
  const texts: string[] = [];
  while (texts.length < count) {
    let text = "";
    while (counter.count(text) < tokens) {
      const next = await source.next();
      text += `${next.value![0]!.verbose}\n\n`;
    }
    texts.push(cutToTokens(text, tokens, counter));
  }
  return texts;
}

/** The longest beginning of whole words within `tokens`. */
function cutToTokens(text: string, tokens: number, counter: TokenCounter): string {
  const ends = [...text.matchAll(/\S+/gu)].map((word) => word.index + word[0].length);
  let least = 0;
  let most = ends.length - 1;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (counter.count(text.slice(0, ends[middle])) <= tokens) least = middle;
    else most = middle - 1;
  }
  return text.slice(0, ends[least]);
}
