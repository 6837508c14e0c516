import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { BrevisError } from "../../../errors.js";
import { buildReport, type NotMeasured } from "../../../evaluate/figures/build-report.js";
import type { HeldOutText } from "../../../evaluate/measure-texts.js";
import { writeHtml } from "../../../evaluate/report/write-html.js";
import { loadEvaluateSettings } from "../../../evaluate/settings.js";
import { openWholeFile, writeWholeFile } from "../../../files/open-whole-file.js";
import { chooseModels } from "../../../validate/run/choose-models.js";
import type { ValidateSettings } from "../../../validate/settings.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { startProgress } from "../../terminal/start-progress.js";
import { runPairs } from "../validate/run-pairs.js";
import { printEstimate, settingsOf } from "../validate/run-validate.js";
import type { EvaluateFlags } from "./add-evaluate-command.js";
import { type CompressedTexts, compressHeldOut } from "./compress-held-out.js";
import { drawReport } from "./draw-report.js";
import { readCells } from "./read-cells.js";
import { readHeldOut } from "./read-held-out.js";

/** The exit code of a run of which some calls kept failing. */
const incompleteExitCode = 6;

/** Runs `brevis evaluate`. */
export async function runEvaluate(files: readonly string[], flags: EvaluateFlags): Promise<void> {
  const settings = loadEvaluateSettings(flags.config);
  const names = [...new Set(flags.compressor ?? settings.compressors)];
  const texts = await readTexts(files, flags);
  const pairsFile = join(flags.work, "pairs.jsonl");
  await mkdir(flags.work, { recursive: true });
  const compressed = await compressAll(texts, names, settings, pairsFile, flags);
  const validateSettings = settingsOf({ judge: flags.judge, config: flags.validateConfig });
  const input = { files: [pairsFile], skipBroken: false };
  if (flags.dryRun === true) return printEstimate(input, validateSettings, flags);
  const { models, judge, notMeasured } = flags.offline === true ? nobody : whomToAsk(flags, validateSettings);
  const asked = { ...validateSettings, judge: { ...validateSettings.judge, model: judge } };
  const output = join(flags.work, "verdicts.jsonl");
  if (models.length > 0) {
    await runPairs(input, asked, models, { ...flags, output });
  }
  const cells = models.length > 0 ? await readCells(pairsFile, output, models, asked) : [];
  const evidence = {
    measures: compressed.measures,
    cells,
    models,
    notMeasured: [...notMeasured, ...failuresOf(compressed)],
  };
  const report = buildReport(evidence, settings.bootstrap);
  if (flags.html !== undefined) await writeWholeFile(flags.html, writeHtml(report));
  await writeStandardOutput(flags.json === true ? `${printJson(report)}\n` : drawReport(report));
  if (compressed.failures.length > 0) process.exitCode = incompleteExitCode;
}

async function readTexts(files: readonly string[], flags: EvaluateFlags): Promise<HeldOutText[]> {
  const texts: HeldOutText[] = [];
  for await (const text of readHeldOut(files, flags)) texts.push(text);
  if (texts.length > 0) return texts;
  throw new BrevisError("invalid-input", "Expected held-out texts but the input has none.", {
    hint: 'Give JSON Lines of {"text": ...}.',
  });
}

async function compressAll(
  texts: readonly HeldOutText[],
  names: readonly string[],
  settings: ReturnType<typeof loadEvaluateSettings>,
  path: string,
  flags: EvaluateFlags,
): Promise<CompressedTexts> {
  const pairs = await openWholeFile(path);
  const progress = startProgress(texts.length * names.length, "texts", flags.quiet !== true);
  try {
    const compressed = await compressHeldOut(texts, names, settings, pairs, () => progress.advance(1));
    await pairs.commit();
    return compressed;
  } catch (error) {
    await pairs.discard();
    throw error;
  } finally {
    progress.stop();
  }
}

interface Asked {
  readonly models: readonly string[];
  /** `none` where nobody can judge. */
  readonly judge: string;
  readonly notMeasured: readonly NotMeasured[];
}

const needsModels = "equivalence, transfer and cost of answers";
const nobody: Asked = {
  models: [],
  judge: "none",
  notMeasured: [{ what: needsModels, reason: "--offline asks no model" }],
};

/** The models that have a key. A judge without one is left out, and the offline scorers decide, which the report says. */
function whomToAsk(flags: EvaluateFlags, { judge }: ValidateSettings): Asked {
  const { models, missing } = chooseModels(flags.models);
  const notMeasured: NotMeasured[] = missing.map(({ model, reason }) => ({ what: model, reason }));
  if (models.length === 0)
    return {
      models,
      judge: "none",
      notMeasured: [{ what: needsModels, reason: "no provider has a key" }, ...notMeasured],
    };
  if (judge.when === "never" || judge.model === "none") return { models, judge: "none", notMeasured };
  try {
    chooseModels([judge.model]);
    return { models, judge: judge.model, notMeasured };
  } catch (error) {
    if (!(error instanceof BrevisError) || flags.judge !== undefined) throw error;
    reportWarning(`No judge compares the answers, only the offline scorers: ${error.message}`);
    return {
      models,
      judge: "none",
      notMeasured: [...notMeasured, { what: "a judge's verdicts", reason: error.message }],
    };
  }
}

function failuresOf({ failures }: CompressedTexts): NotMeasured[] {
  const names = [...new Set(failures.map(({ compressor }) => compressor))];
  return names.map((name) => {
    const own = failures.filter(({ compressor }) => compressor === name);
    return { what: `${name} on ${own.length} texts`, reason: own[0]!.reason };
  });
}

/** What was not measured is null, so that every report has the same keys. */
function printJson(report: unknown): string {
  return JSON.stringify(report, (_, value) => (value === undefined ? null : value));
}
