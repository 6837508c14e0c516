import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { estimateBrief } from "../../../briefs/brain/estimate-cost.js";
import { findBriefs } from "../../../briefs/files/find-briefs.js";
import { readSource } from "../../../briefs/files/read-source.js";
import { singleLevel } from "../../../briefs/levels.js";
import { loadMethodologies } from "../../../briefs/methodologies/load-methodologies.js";
import { type Pipeline, parsePipeline } from "../../../briefs/methodologies/parse-pipeline.js";
import { runPerfeval } from "../../../briefs/perfeval/run-perfeval.js";
import { summarizeTrials } from "../../../briefs/perfeval/summarize-trials.js";
import { writeHtmlReport, writeMarkdownReport } from "../../../briefs/perfeval/write-report.js";
import { candidateCount } from "../../../briefs/select/candidate-count.js";
import { BrevisError } from "../../../errors.js";
import { explainWriteError } from "../../../files/explain-file-errors.js";
import { writeWholeFile } from "../../../files/open-whole-file.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { startProgress } from "../../terminal/start-progress.js";
import type { BriefPerfevalFlags } from "../add-brief-command.js";
import { type BriefSettings, openBriefSettings } from "./open-brief-settings.js";

/** The comparison of the single passes and chains that are worth one. */
const modelPipelines = [
  "[[sitrep]]",
  "[[sitrep-aggressive]]",
  "[[sitrep-iterative]]",
  "[[sitrep-taskaware]]",
  "[[sitrep-aggro-aware]]",
  "[[sitrep-aggressive],[telegraphic]]",
  "[[kernelize],[sitrep-aggressive],[telegraphic]]",
  "[[kernelize,req-kernels],[sitrep-aggressive,req-kernels],[telegraphic,req-kernels]]",
];
const offlinePipelines = ["[[offline]]", "[[extractive]]", "[[offline],[extractive]]"];

/** `brevis brief perfeval` */
export async function runPerfevalCommand(paths: readonly string[], flags: BriefPerfevalFlags): Promise<void> {
  const briefs = await readBriefs(await findBriefs(paths));
  const methodologies = await loadMethodologies();
  const lists = flags.pipelines ?? (flags.model === undefined ? offlinePipelines : modelPipelines);
  const pipelines = lists.map((list) => parsePipeline(list, methodologies));
  const settings = await openBriefSettings({ ...flags, pipeline: lists[0]! });
  try {
    tellPlan(briefs, pipelines, settings, flags);
    await makeFolder(flags.output);
    const total = briefs.size * pipelines.length * flags.runs;
    const progress = startProgress(total, "trials", !flags.quiet);
    const result = await runPerfeval({
      ...settings,
      briefs,
      pipelines,
      runs: flags.runs,
      folder: flags.output,
      concurrency: flags.concurrency,
      onTrial: () => progress.advance(1),
    }).finally(() => progress.stop());
    const summary = summarizeTrials(result);
    const facts = { brain: settings.createBrain().slug, briefs: briefs.size, runs: flags.runs };
    const markdown = writeMarkdownReport(summary, facts);
    await writeWholeFile(join(flags.output, "report.md"), markdown);
    await writeWholeFile(join(flags.output, "report.html"), writeHtmlReport(summary, facts));
    if (flags.json) await writeStandardOutput(`${JSON.stringify({ ...facts, ...summary })}\n`);
    else if (!flags.quiet) await writeStandardOutput(markdown);
    if (!flags.quiet) tellEnd(result.resumed, total, flags.output);
  } finally {
    await settings.close();
  }
}

async function readBriefs(paths: readonly string[]): Promise<Map<string, string>> {
  const names = paths.map((path) => basename(path));
  const isUnique = new Set(names).size === names.length;
  const entries = paths.map(async (path, index) => [isUnique ? names[index]! : path, await readSource(path)] as const);
  return new Map(await Promise.all(entries));
}

/** Says what it will take, and refuses what may cost more than allowed. What was done before is not taken off: it is not known yet. */
function tellPlan(
  briefs: ReadonlyMap<string, string>,
  pipelines: readonly Pipeline[],
  settings: BriefSettings,
  { runs, maxCost, quiet }: BriefPerfevalFlags,
): void {
  const trials = briefs.size * pipelines.length * runs;
  const { asker } = settings;
  const cost = asker === undefined ? 0 : estimateTrials(briefs, pipelines, runs, settings, asker);
  const price = cost === undefined ? "a cost that is not known" : `about $${cost.toFixed(4)}`;
  if (!quiet) {
    const plan = `${briefs.size} briefs x ${pipelines.length} pipelines x ${runs} runs = ${trials} trials`;
    process.stderr.write(`brevis: ${plan}, ${price}\n`);
  }
  if (maxCost !== undefined && (cost === undefined || cost > maxCost)) {
    throw new BrevisError("over-budget", `Expected to spend at most $${maxCost} but the evaluation takes ${price}.`, {
      hint: "Evaluate fewer briefs, pipelines or runs, or raise --max-cost.",
    });
  }
}

function estimateTrials(
  briefs: ReadonlyMap<string, string>,
  pipelines: readonly Pipeline[],
  runs: number,
  settings: BriefSettings,
  asker: NonNullable<BriefSettings["asker"]>,
): number | undefined {
  let sum = 0;
  for (const source of briefs.values()) {
    for (const pipeline of pipelines) {
      const plan = { pipeline, levels: [singleLevel()], stableKernels: false, counter: settings.counter };
      const { cost } = estimateBrief(source, plan, asker);
      if (cost === undefined) return undefined;
      // The estimate is of three candidates.
      sum += (cost * runs) / candidateCount;
    }
  }
  return sum;
}

function tellEnd(resumed: number, total: number, folder: string): void {
  const before = resumed === 0 ? "" : `, ${resumed} of ${total} trials from before`;
  process.stderr.write(`brevis: report in ${join(folder, "report.md")} and report.html${before}\n`);
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, folder);
  });
}
