import { createHash } from "node:crypto";
import { chooseDomain } from "../../compress/abstractive/choose-domain.js";
import { cutChunks } from "../../compress/abstractive/cut-chunks.js";
import type { CorpusText, CorpusTools, Sizes } from "./corpus-text.js";

/** Of the characters that are no white space, the share that must be letters or digits: the rest are tables of marks, rulers, binary data. */
const leastWritten = 0.55;
/** Chunks of different sizes, as shares of the largest, so that an adapter meets them all. */
const aims = [0.3, 0.55, 1] as const;

/**
 * Cuts a text at paragraphs into chunks as the abstractive mode cuts what it rewrites: a heading stays with what it heads, a fence whole.
 *
 * @param document decides on the size that is aimed at
 */
export function cutText(
  text: string,
  kind: "prose" | "markdown" | "chat",
  document: string,
  sizes: Sizes,
  tools: CorpusTools,
): Pick<CorpusText, "text" | "domain">[] {
  const aim = Math.round(sizes.most * aims[createHash("sha256").update(document).digest()[0]! % aims.length]!);
  const segments = cutChunks(text, [{ start: 0, end: text.length, kind }], Math.max(aim, sizes.fewest), tools.count);
  return segments.flatMap(({ start, end }) => {
    const chunk = text.slice(start, end).trim();
    return isFit(chunk, sizes, tools) ? [{ text: chunk, domain: chooseDomain(kind, chunk) }] : [];
  });
}

function isFit(text: string, sizes: Sizes, { count, onLeftOut }: CorpusTools): boolean {
  const tokens = count(text);
  const dense = text.replace(/\s/gu, "").length;
  const written = text.match(/[\p{L}\p{M}\p{N}]/gu)?.length ?? 0;
  const reason =
    tokens < sizes.fewest
      ? "too-small"
      : // Nothing to cut at was found near the aim.
        tokens > 2 * sizes.most
        ? "too-large"
        : written < leastWritten * dense
          ? "little-text"
          : undefined;
  if (reason !== undefined) onLeftOut(reason);
  return reason === undefined;
}
