import { openCapture } from "../../capture/open-capture.js";
import { type Compressor, createCompressor } from "../../compress/create-compressor.js";
import type { CompressMessagesResult } from "../../compress/messages/compress-messages.js";
import type { CompressOptions, CompressResult, Warning } from "../../compress/types.js";
import { openStore } from "../../store/open-store.js";
import type { CompressJob, JobAnswer, WorkerSettings } from "./job.js";

/** A compressor with the operator's store and capture; disposing of it closes the capture. */
export function openJobCompressor({ store, capture }: Pick<WorkerSettings, "store" | "capture">): Compressor {
  const open = capture === undefined ? undefined : openCapture(capture);
  const compressor = createCompressor({
    ...(store === undefined ? {} : { store: openStore({ path: store }) }),
    ...(open === undefined ? {} : { capture: open }),
  });
  const dispose = async () => {
    await compressor.dispose();
    await open?.close();
  };
  return { ...compressor, dispose, [Symbol.asyncDispose]: dispose };
}

/** Does a job, on whichever thread this is. @throws {BrevisError} as `compress` */
export async function runJob(
  job: CompressJob,
  compressor: Compressor,
  operator: WorkerSettings["compress"],
  signal: AbortSignal,
): Promise<JobAnswer> {
  const options = { ...operatorOptions(job.options, operator), ...job.options, signal };
  if ("text" in job) return answerText(await compressor.compress(job.text, options));
  return answerMessages(await compressor.compressMessages(job.messages, options));
}

/** The operator's model writes, and its engine scores; a mode that takes no adapter is given none. */
function operatorOptions(
  { mode }: CompressOptions,
  { model, adapter, engine }: WorkerSettings["compress"],
): Partial<CompressOptions> {
  const withEngine = engine === undefined ? {} : { engine };
  if (mode !== "abstractive") return withEngine;
  return { ...withEngine, ...(model === undefined ? {} : { model }), ...(adapter === undefined ? {} : { adapter }) };
}

function answerText(result: CompressResult): JobAnswer {
  const { decision, tokens, warnings } = result;
  return {
    json: JSON.stringify(result),
    decision,
    tokens: { original: tokens.original, compressed: tokens.compressed },
    isLasting: decision !== "failed-open" && areLasting(warnings),
  };
}

function answerMessages(result: CompressMessagesResult<unknown>): JobAnswer {
  const { original, compressed } = result.tokens;
  return {
    json: JSON.stringify(result),
    decision: compressed < original ? "compressed" : "unchanged",
    tokens: { original, compressed },
    isLasting: areLasting(result.warnings),
  };
}

const passing: ReadonlySet<string> = new Set(["deadline", "failed-open", "store-unavailable", "engine-unavailable"]);

function areLasting(warnings: readonly Warning[]): boolean {
  return !warnings.some(({ code }) => passing.has(code));
}
