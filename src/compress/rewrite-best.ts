import { cutChunks } from "./abstractive/cut-chunks.js";
import type { Writer } from "./abstractive/open-writer.js";
import { type ChunkRejection, rewriteChunks } from "./abstractive/rewrite-chunks.js";
import type { CompressContext } from "./context.js";
import type { Drafted, Segment } from "./draft.js";
import type { WriterUsed } from "./render/render-result.js";
import type { Warning } from "./types.js";

/** Tokens of a chunk, as the model counts them: enough to see what belongs together, few enough to leave nothing out. */
const chunkTokens = 640;
/** Of the model's context, what one chunk may take: prompt and answer need the rest. */
const contextShare = 0.3;

/**
 * Abstractive: what the extractive mode would give, chunk by chunk, and in place of it what a model makes of the chunk, where
 * that is as short and passes the guard. No aliases: a legend, which comes first, would be known last.
 *
 * @param keep the extractive mode
 */
export async function rewriteBest(
  source: string,
  segments: readonly Segment[],
  keep: (chunks: readonly Segment[], context: CompressContext) => Promise<Drafted>,
  details: { budget: number; originalTokens: number; writer: Writer; onText: (text: string) => void },
  context: CompressContext,
): Promise<Drafted & { readonly rejected: ReadonlyMap<ChunkRejection, number> }> {
  const { tokenizer, info } = details.writer.model;
  const aim = Math.min(chunkTokens, Math.floor(info.context * contextShare));
  const count = (text: string) => tokenizer.encode(text).length;
  const chunks = context.clock.time("cut", () => cutChunks(source, segments, aim, count));
  const drafted = await keep(chunks, { ...context, options: { ...context.options, dictionary: "off" } });
  const rewritten = await rewriteChunks(source, drafted.segments, details, context);
  return {
    ...drafted,
    segments: rewritten.segments,
    reported: rewritten.segments,
    restored: drafted.restored + rewritten.restored,
    rejected: rewritten.rejected,
  };
}

/** What wrote, as results say it. */
export function describeWriter({ model, adapters }: Writer): WriterUsed {
  const adapter = adapters[0]?.label ?? adapters[0]?.name;
  return { engine: model.info.engine, model: model.directory, ...(adapter === undefined ? {} : { adapter }) };
}

const reasons: Readonly<Record<ChunkRejection, string>> = {
  empty: "next to nothing was written",
  echo: "the prompt was repeated",
  looping: "the model repeated itself",
  "off-topic": "something else was written",
  invented: "numbers or names were invented",
  fence: "a code fence was left open",
  lost: "too much must-keep text was lost",
  "cut-off": "the answer did not end in time",
  "too-long": "the rewrite was no shorter",
  "too-large": "the passage is too long for the model",
  failed: "the model failed",
  late: "the deadline passed",
};

/** The warning about chunks that have their extractive text. */
export function describeRejections(rejected: ReadonlyMap<ChunkRejection, number>): Warning[] {
  if (rejected.size === 0) return [];
  const total = [...rejected.values()].reduce((sum, count) => sum + count, 0);
  const why = [...rejected].map(([reason, count]) => `${reasons[reason]} (${count})`).join(", ");
  const passages = total === 1 ? "1 passage is" : `${total} passages are`;
  const message = `${passages} compressed extractively: ${why}.`;
  return [{ code: "rewrite-rejected", message }];
}
