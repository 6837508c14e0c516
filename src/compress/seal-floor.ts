import type { CompressContext } from "./context.js";
import { unchangedResult } from "./render/render-result.js";
import { floorSeal } from "./text/omission-marker.js";
import type { CompressResult } from "./types.js";

/**
 * A floor above an absolute budget is the least that a text can be, whatever the budget: compressing it again must not
 * find less, seen as other kinds. Where it would, the text ends with a seal that says so.
 *
 * @param recompress the same call on another text, without seal and store
 */
export async function sealFloor(
  source: string,
  result: CompressResult,
  context: CompressContext,
  recompress: (text: string) => Promise<CompressResult>,
): Promise<CompressResult> {
  if ((await recompress(result.text)).text === result.text) return result;
  const { counter } = context;
  const text = `${result.text}${result.text.endsWith("\n") ? "" : "\n"}${floorSeal}`;
  const compressed = result.tokens.compressed + counter.count(text) - counter.count(result.text);
  const { original } = result.tokens;
  if (compressed >= original) {
    return unchangedResult(source, result.segments, context, { originalTokens: original, warnings: result.warnings });
  }
  return {
    ...result,
    text,
    // The seal is no part of the source, and the legend does not take it away.
    loss: result.loss === "none" ? "format" : result.loss,
    rate: compressed / original,
    ratio: original / compressed,
    tokens: { ...result.tokens, compressed },
  };
}
