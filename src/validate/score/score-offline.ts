import type { PairTask } from "../../records/outcome.js";
import type { Sandbox } from "../sandbox/open-sandbox.js";
import type { Calibration } from "../settings.js";
import { matchesAnswer } from "./compare-answers.js";
import { compareCode } from "./compare-code.js";
import { compareFacts } from "./compare-facts.js";
import { lexicalSimilarity } from "./compare-words.js";
import { extractCode } from "./read-code.js";
import { weighDifferences } from "./weigh-differences.js";

/** What the scorers that need no model say of two answers. */
export interface OfflineScore {
  /** 0..1, what the verdict goes by. */
  readonly score: number;
  /** Each scorer's own figure, 0..1. */
  readonly scores: Readonly<Record<string, number>>;
  readonly reasons: readonly string[];
  /** Whether the score rests on a known answer or on tests that ran: nothing a judge could add. */
  readonly settled: boolean;
}

/**
 * Compares the answer that a model gave with the verbose text to the one with the compressed text.
 *
 * @param sandbox runs given tests; without one that works they are skipped, and the reasons say so
 */
export async function scoreOffline(
  task: PairTask,
  verbose: string,
  compressed: string,
  calibration: Calibration,
  sandbox?: Sandbox,
): Promise<OfflineScore> {
  const lexical = lexicalSimilarity(verbose, compressed);
  const compared = await (task.task === "code"
    ? scoreCode(task, verbose, compressed, sandbox)
    : scoreText(task, verbose, compressed, calibration));
  return { ...compared, scores: { ...compared.scores, lexical } };
}

function scoreText(task: PairTask, verbose: string, compressed: string, calibration: Calibration): OfflineScore {
  const { differences, reasons } = compareFacts(task.question, verbose, compressed);
  const facts = weighDifferences(differences, calibration);
  const { expected } = task;
  if (expected === undefined || !matchesAnswer(expected, verbose)) {
    return { score: facts, scores: { facts }, reasons, settled: false };
  }
  const answer = Number(matchesAnswer(expected, compressed));
  const said = answer === 1 ? [] : [`the answer is no longer "${expected}"`, ...reasons];
  return { score: answer, scores: { answer, facts }, reasons: said, settled: true };
}

async function scoreCode(
  { language = "", tests }: PairTask,
  verbose: string,
  compressed: string,
  sandbox?: Sandbox,
): Promise<OfflineScore> {
  const trees = await compareCode(verbose, compressed, language);
  const tree = trees?.similarity;
  const scores: Record<string, number> = tree === undefined ? {} : { tree };
  const reasons = [...(trees?.reasons ?? [`no grammar for ${language || "the language"}: syntax trees not compared`])];
  const ran = tests === undefined ? undefined : await runBoth(verbose, compressed, tests, language, sandbox);
  if (ran !== undefined && "skipped" in ran) reasons.push(`tests skipped: ${ran.skipped}`);
  if (ran !== undefined && "verbose" in ran && ran.verbose) {
    const passed = Number(ran.compressed);
    if (!ran.compressed) reasons.unshift("tests that passed now fail");
    return { score: passed, scores: { ...scores, tests: passed }, reasons: passed ? [] : reasons, settled: true };
  }
  // Unlike trees may still do the same, which only tests or a judge can tell.
  return { score: tree ?? 0, scores, reasons, settled: trees?.same === true };
}

type BothRuns = { readonly verbose: boolean; readonly compressed: boolean } | { readonly skipped: string };

async function runBoth(
  verbose: string,
  compressed: string,
  tests: string,
  language: string,
  sandbox?: Sandbox,
): Promise<BothRuns> {
  if (sandbox === undefined) return { skipped: "no sandbox was opened" };
  if (sandbox.missing !== undefined) return { skipped: sandbox.missing };
  const first = await sandbox.run(extractCode(verbose).code, tests, language);
  if (first.status === "skipped") return { skipped: first.reason };
  const second = await sandbox.run(extractCode(compressed).code, tests, language);
  return { verbose: first.status === "passed", compressed: second.status === "passed" };
}
