import { resolve } from "node:path";
import { captureFolder, capturePaths } from "../../../../capture/capture-folder.js";
import { rememberExport } from "../../../../capture/clear-capture.js";
import { measureCoverage } from "../../../../capture/propose/measure-coverage.js";
import { loadTokenCounter } from "../../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../../errors.js";
import { openReview, type Review, type ReviewPaths } from "../../../../records/review/review.js";
import { writeStandardOutput } from "../../../files/write-standard-output.js";
import type { ReviewFlags } from "../add-traffic-commands.js";
import { editText } from "./edit-text.js";
import { pickPairs } from "./pick-pairs.js";

/** Runs `brevis records review`: with flags as they say, else at the terminal. */
export async function runReview(proposals: string | undefined, flags: ReviewFlags): Promise<void> {
  const folder = flags.folder ?? captureFolder();
  const paths = pathsOf(proposals, folder, flags.output);
  const { count } = await loadTokenCounter();
  const measure = ({ verbose }: { verbose: string }, compressed: string) => {
    const { share, missing } = measureCoverage(verbose, compressed);
    return { tokens: count(compressed), coverage: share, missing };
  };
  if (flags.output !== undefined) await rememberExport(folder, resolve(flags.output));
  const review = await openReview(paths, measure, flags.leastCoverage);
  try {
    if (flags.list) await listPending(review);
    else if (isScripted(flags)) await applyFlags(review, flags);
    else await pick(review);
  } finally {
    await review.close();
  }
  const { pending, accepted, rejected } = review.counts;
  const summary = { accepted, rejected, pending, output: paths.accepted };
  if (flags.json && !flags.list) return writeStandardOutput(`${JSON.stringify(summary)}\n`);
  if (!flags.quiet)
    process.stderr.write(`${accepted} accepted, ${rejected} rejected, ${pending} to go; ${paths.accepted}\n`);
}

function pathsOf(proposals: string | undefined, folder: string, output: string | undefined): ReviewPaths {
  const own = capturePaths(folder);
  if (proposals === undefined)
    return { proposals: own.proposals, decisions: own.decisions, accepted: output ?? own.accepted };
  const stem = proposals.replace(/\.jsonl$/u, "");
  return { proposals, decisions: `${stem}.decisions.jsonl`, accepted: output ?? `${stem}.accepted.jsonl` };
}

function isScripted({ accept, reject, acceptAll, rejectAll, edit }: ReviewFlags): boolean {
  return [accept, reject, acceptAll, rejectAll, edit].some((flag) => flag !== undefined);
}

async function applyFlags(review: Review, { accept, reject, acceptAll, rejectAll, edit }: ReviewFlags): Promise<void> {
  if (acceptAll && rejectAll)
    throw new BrevisError("invalid-option", "Expected one of --accept-all and --reject-all but received both.");
  if (edit !== undefined) {
    const [id, ...words] = edit;
    if (words.length === 0) throw new BrevisError("invalid-option", "Expected --edit ID TEXT but received no text.");
    await review.edit(id!, words.join(" "));
  }
  for (const id of accept ?? []) await review.accept(id);
  for (const id of reject ?? []) await review.reject(id);
  for (const { id } of acceptAll || rejectAll ? review.pending() : [])
    await (acceptAll ? review.accept(id) : review.reject(id));
}

async function listPending(review: Review): Promise<void> {
  for (const pair of review.pending()) await writeStandardOutput(`${JSON.stringify(pair)}\n`);
}

async function pick(review: Review): Promise<void> {
  if (review.counts.pending === 0) return;
  const { stdin, stderr } = process;
  if (stdin.isTTY && stderr.isTTY) return pickPairs(review, { input: stdin, output: stderr, edit: editText });
  throw new BrevisError("invalid-option", "Expected a terminal to review at, or flags, but there is neither.", {
    hint: "Without a terminal: --list, --accept ID…, --reject ID…, --edit ID TEXT, --accept-all, --reject-all.",
  });
}
