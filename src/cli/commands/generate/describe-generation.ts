import type { LeftOut } from "../../../generate/corpus/corpus-text.js";
import type { RunEstimate } from "../../../generate/pairs/estimate-run.js";
import type { SettleTools } from "../../../generate/pairs/settle-job.js";
import type { Results } from "../../../generate/pairs/write-results.js";
import { formatCount, formatShare } from "../../terminal/summarize-result.js";

const reasons: Readonly<Record<LeftOut, string>> = {
  "too-small": "too small",
  "too-large": "too large",
  trivial: "trivial code",
  test: "tests",
  generated: "generated files",
  unreadable: "not readable",
  "little-text": "hardly any words",
  duplicate: "there already",
  "near-duplicate": "nearly there already",
};

/** `1,204 too small, 12 tests` */
export function describeLeftOut(leftOut: ReadonlyMap<LeftOut, number>): string {
  const sorted = [...leftOut].sort((a, b) => b[1] - a[1]);
  return sorted.map(([reason, count]) => `${formatCount(count)} ${reasons[reason]}`).join(", ");
}

/** What `--dry-run` prints. */
export function describeEstimate(
  { jobs, settled, calls, proposals, tokens, cost }: RunEstimate,
  { model, repairs, proposer, isLocal }: SettleTools,
  leftOut: ReadonlyMap<LeftOut, number>,
): string {
  const rate = tokens.verbose === 0 ? 0 : tokens.asked / tokens.verbose;
  const lines = [
    `pairs to make     ${formatCount(jobs)}${settled > 0 ? `, of which ${formatCount(settled)} are settled` : ""}`,
    ...(proposer === undefined
      ? []
      : [`by ${proposer.name}  ${formatCount(proposals)}${isLocal ? "" : ", each mended by a call if need be"}`]),
    ...(isLocal
      ? []
      : [`calls to ${model}  ${formatCount(calls)}, and up to ${repairs} more for each answer that fails a check`]),
    `tokens of texts   ${formatCount(tokens.verbose)}, asked to become ${formatCount(tokens.asked)} (${formatShare(rate)})`,
    `cost              ${cost === undefined ? "not known: the model has no price in the registry" : `about $${cost.toFixed(2)}, without repairs`}`,
    ...(leftOut.size > 0 ? [`left out          ${describeLeftOut(leftOut)}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** The summary of a run. */
export function describeResults(
  { pairs, rejects, open, tokens }: Results,
  cost: number,
  paths: { readonly pairs: string; readonly rejects: string },
): string {
  const rate = tokens.verbose === 0 ? 0 : tokens.compressed / tokens.verbose;
  const rejected = [...rejects.values()].reduce((sum, count) => sum + count, 0);
  const why = [...rejects].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  const size = `${formatCount(tokens.verbose)} -> ${formatCount(tokens.compressed)} tokens (${formatShare(rate)})`;
  const lines = [
    `${paths.pairs}: ${formatCount(pairs)} pairs, ${size}, $${cost.toFixed(2)}`,
    ...(rejected > 0 ? [`${paths.rejects}: ${formatCount(rejected)} rejected (${why.join(", ")})`] : []),
    ...(open > 0 ? [`${formatCount(open)} without an answer yet`] : []),
  ];
  return `${lines.join("\n")}\n`;
}
