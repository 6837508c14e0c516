import pLimit from "p-limit";
import { estimateBrief } from "../../../briefs/brain/estimate-cost.js";
import type { ModelAsker } from "../../../briefs/brain/model-asker.js";
import { type BriefOutcome, compressBrief } from "../../../briefs/compress-brief.js";
import { readSource } from "../../../briefs/files/read-source.js";
import { writeOutcome } from "../../../briefs/files/write-outcome.js";
import { BrevisError } from "../../../errors.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportError, reportWarning } from "../../terminal/report-error.js";
import { startProgress } from "../../terminal/start-progress.js";
import type { BriefCompressFlags } from "../add-brief-command.js";
import { drawBriefs } from "./draw-briefs.js";
import type { BriefSettings } from "./open-brief-settings.js";

/** A brief with what became of it. */
export interface DoneBrief {
  readonly brief: string;
  readonly outcomes: readonly BriefOutcome[];
}

/**
 * Compresses briefs, several at once, and writes what becomes of each as soon as it is known. One that fails is told of, and the others
 * go on; the exit code is then that of the first failure.
 */
export async function compressBriefs(
  briefs: readonly string[],
  settings: BriefSettings,
  flags: Pick<BriefCompressFlags, "concurrency" | "json" | "quiet">,
): Promise<void> {
  if (settings.asker !== undefined && !flags.quiet) await tellEstimate(briefs, settings, settings.asker);
  const progress = startProgress(briefs.length, "briefs", briefs.length > 1 && !flags.quiet);
  const limit = pLimit(flags.concurrency);
  const runs = briefs.map((brief) =>
    limit(async () => {
      const result = await compressOne(brief, settings).catch((error: unknown) => ({ brief, error }));
      progress.advance(1);
      return result;
    }),
  );
  const results = await Promise.all(runs).finally(() => progress.stop());
  const done = results.filter((result): result is DoneBrief => "outcomes" in result);
  for (const result of results) if ("error" in result) tellFailure(result.brief, result.error, briefs.length);
  for (const { brief, outcomes } of done)
    for (const { meta } of outcomes) tellWarnings(brief, meta.reason, meta.meta.warnings);
  if (flags.json) await printMetas(done);
  if (!flags.quiet && done.length > 0) process.stderr.write(`${drawBriefs(done)}\n`);
}

/** What the run will take, before it starts. Briefs that cannot be read are told of in their turn. */
async function tellEstimate(briefs: readonly string[], settings: BriefSettings, asker: ModelAsker): Promise<void> {
  let calls = 0;
  let cost: number | undefined = 0;
  for (const brief of briefs) {
    const source = await readSource(brief).catch(() => undefined);
    if (source === undefined) continue;
    const estimate = estimateBrief(source, settings, asker);
    calls += estimate.calls;
    cost = cost === undefined || estimate.cost === undefined ? undefined : cost + estimate.cost;
  }
  const price = cost === undefined ? "a cost that is not known" : `about $${cost.toFixed(4)}`;
  process.stderr.write(`brevis: ${calls} calls of ${asker.slug}, ${price}\n`);
}

async function compressOne(brief: string, settings: BriefSettings): Promise<DoneBrief> {
  const source = await readSource(brief);
  const outcomes = await compressBrief(source, { ...settings, brain: settings.createBrain() });
  for (const outcome of outcomes) await writeOutcome(brief, outcome);
  return { brief, outcomes };
}

/** A command for one brief fails as other commands do; among several, each failure is told by its brief. */
function tellFailure(brief: string, error: unknown, briefs: number): void {
  if (briefs === 1) throw error;
  if (error instanceof BrevisError && error.code === "aborted") throw error;
  const code = reportError(error);
  process.stderr.write(`  ${brief} was not compressed.\n`);
  process.exitCode ||= code;
}

function tellWarnings(brief: string, reason: string | null, warnings: readonly string[]): void {
  if (reason !== null) reportWarning(`${brief} was rejected: ${reason}. Its source stays in use.`);
  for (const warning of warnings) reportWarning(`${brief}: ${warning}`);
}

async function printMetas(done: readonly DoneBrief[]): Promise<void> {
  for (const { brief, outcomes } of done) {
    for (const { meta } of outcomes) await writeStandardOutput(`${JSON.stringify({ brief, ...meta })}\n`);
  }
}
