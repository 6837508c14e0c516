import pLimit from "p-limit";
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

async function compressOne(brief: string, settings: BriefSettings): Promise<DoneBrief> {
  const source = await readSource(brief);
  const outcomes = await compressBrief(source, { ...settings, brain: settings.openBrain() });
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
