import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { readStatements } from "../kernels/extract-kernels-offline.js";
import { indexBrief } from "../kernels/find-kernels.js";
import { separateLines } from "../markdown/separate-lines.js";
import { isEnglish } from "../text/is-english.js";
import { type Choice, chooseForms, restoreLine } from "./choose-forms.js";
import { dropCovered } from "./drop-covered.js";
import { type PlannedLine, planLines } from "./plan-lines.js";
import { writeLines } from "./write-lines.js";

/** How far to compress. */
export interface OfflineAim {
  /** Tokens of the brief over tokens of the result; what the kernels need comes first. */
  readonly ratio: number;
  /** The share of the kernels that has to stay, whatever the ratio: 0 to 1. */
  readonly kernelShare: number;
}

/** Rounds of putting back what the written text was found to lack. */
const mostRepairs = 3;

/**
 * Compresses a brief without any model: its kernels as telegrams under their headings, then what else is worth most, up to the ratio.
 * The written text is read again, and a kernel that is not found in it is put back in its source's own words.
 */
export function compressOffline(document: string, aim: OfflineAim, counter: TokenCounter): string {
  const tokens = counter.count(document);
  const lines = planLines(readStatements(document), isEnglish(document), counter);
  const goal = { tokens: Math.floor(tokens / aim.ratio), kernelShare: aim.kernelShare };
  const least = writeLines(lines, chooseForms(lines, { ...goal, tokens: 0 }), "items");
  const style = counter.count(least) <= goal.tokens ? "items" : "bare";
  let choice = dropCovered(lines, chooseForms(lines, goal));
  let written = writeLines(lines, choice, style);
  for (let round = 0; round < mostRepairs; round++) {
    const repaired = repair(lines, choice, written, aim.kernelShare === 1);
    if (repaired === undefined) break;
    choice = repaired;
    written = writeLines(lines, choice, style);
  }
  return counter.count(written) < tokens ? written : document;
}

/** The choice with the lines of lost kernels written in full; `undefined` where nothing is lost, or nothing more can be done. */
function repair(
  lines: readonly PlannedLine[],
  choice: Choice,
  written: string,
  keepsAllKernels: boolean,
): Choice | undefined {
  const index = indexBrief(separateLines(written));
  let repaired = choice;
  lines.forEach(({ kernel, forms }, line) => {
    if (kernel === undefined || (choice[line] === -1 && !keepsAllKernels) || choice[line] === forms.length - 1) return;
    if (index.find(kernel.text).reason !== undefined) repaired = restoreLine(repaired, lines, line);
  });
  return repaired === choice ? undefined : repaired;
}
