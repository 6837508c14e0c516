import { isSuited } from "../../compress/abstractive/choose-domain.js";
import { cutChunks } from "../../compress/abstractive/cut-chunks.js";
import type { SegmentKind } from "../../compress/types.js";
import type { CapturedInput } from "../captured-input.js";

/**
 * Cuts a captured text into pieces that a model can be trained on: what is written for reading at its paragraphs, as the abstractive mode cuts it;
 * the rest between lines. A line that is longer than a piece may be stays whole, and is left to who checks the size.
 */
export function cutInput(
  { text, kind, tokens }: Pick<CapturedInput, "text" | "kind" | "tokens">,
  mostTokens: number,
  count: (text: string) => number,
): string[] {
  if (tokens <= mostTokens) return [text];
  const asProse: SegmentKind = kind === "mixed" ? "prose" : kind;
  if (kind !== "mixed" && !isSuited(kind)) return cutLines(text, mostTokens, count);
  const chunks = cutChunks(text, [{ start: 0, end: text.length, kind: asProse }], mostTokens, count);
  return chunks.map(({ start, end }) => text.slice(start, end));
}

function cutLines(text: string, mostTokens: number, count: (text: string) => number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let tokens = 0;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/gu) ?? []) {
    const own = count(line);
    if (piece !== "" && tokens + own > mostTokens) {
      pieces.push(piece);
      piece = "";
      tokens = 0;
    }
    piece += line;
    tokens += own;
  }
  return piece === "" ? pieces : [...pieces, piece];
}
