import { cacheCounts } from "./cache-counts.js";
import type { TokenCounter } from "./load-token-counter.js";

/** A shorter text is counted faster than it is looked up. */
const shortestText = 256;

/**
 * A counter that remembers the count of every line: for one call, which counts much the same text many times.
 * The counts are those of `counter`: lines are cut only where both tokenizers cut a text before they encode it.
 */
export function countByLines(counter: TokenCounter): TokenCounter {
  const countLine = cacheCounts(counter.count);
  return {
    ...counter,
    count(text) {
      if (text.length < shortestText) return counter.count(text);
      let tokens = 0;
      let start = 0;
      for (let newline = text.indexOf("\n"); newline !== -1; newline = text.indexOf("\n", newline + 1)) {
        if (!isTokenBorder(text, newline + 1)) continue;
        tokens += countLine(text.slice(start, newline + 1));
        start = newline + 1;
      }
      return start < text.length ? tokens + countLine(text.slice(start)) : tokens;
    },
  };
}

/**
 * Whether no token reaches over the place behind a line break: a run of white space up to its last break is one piece, and
 * a mark takes the breaks and slashes after it along (`[^\s\p{L}\p{N}]+[\r\n/]*`).
 */
function isTokenBorder(text: string, at: number): boolean {
  let next = at;
  while (text[next] === " " || text[next] === "\t") next++;
  const character = text[next];
  return character !== undefined && !/\s/.test(character) && !(next === at && character === "/");
}
