import { openWholeFile } from "../../files/open-whole-file.js";
import type { Journal } from "./journal.js";
import type { Job } from "./plan-jobs.js";
import { type SettleTools, settleJob } from "./settle-job.js";

/** What came of the jobs. */
export interface Results {
  readonly pairs: number;
  readonly rejects: ReadonlyMap<string, number>;
  /** Jobs without an answer yet. */
  readonly open: number;
  readonly tokens: { readonly verbose: number; readonly compressed: number };
}

/**
 * Writes all pairs and all rejects that the journal has the answers for, in the order of the jobs: the same answers give the same files.
 *
 * @throws {BrevisError} `output-failed`
 */
export async function writeResults(
  jobs: readonly Job[],
  tools: SettleTools,
  journal: Journal,
  paths: { readonly pairs: string; readonly rejects: string },
): Promise<Results> {
  const pairs = await openWholeFile(paths.pairs);
  const rejects = await openWholeFile(paths.rejects);
  const tokens = { verbose: 0, compressed: 0 };
  const reasons = new Map<string, number>();
  const counts = { pairs: 0, open: 0 };
  try {
    for (const job of jobs) {
      const step = settleJob(job, tools, journal);
      if ("pair" in step) {
        counts.pairs++;
        tokens.verbose += step.pair.tokens.verbose;
        tokens.compressed += step.pair.tokens.compressed;
        await pairs.write(`${JSON.stringify(step.pair)}\n`);
      } else if ("reject" in step) {
        reasons.set(step.reject.reason, (reasons.get(step.reject.reason) ?? 0) + 1);
        await rejects.write(`${JSON.stringify(step.reject)}\n`);
      } else counts.open++;
    }
    await pairs.commit();
    await rejects.commit();
  } finally {
    await pairs.discard();
    await rejects.discard();
  }
  return { ...counts, rejects: reasons, tokens };
}
