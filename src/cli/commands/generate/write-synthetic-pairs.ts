import { generateSyntheticPairs, pairsOfText } from "../../../generate/synthetic/generate-synthetic-pairs.js";
import { measureDiversity } from "../../../generate/synthetic/measure-diversity.js";
import { openOutput } from "../../files/open-output.js";
import { startProgress } from "../../terminal/start-progress.js";
import type { GenerateSyntheticFlags } from "./add-generate-command.js";

/** Texts whose diversity is reported; more would only take memory. */
const measuredTexts = 2000;

/** Runs `brevis generate synthetic`. */
export async function writeSyntheticPairs(flags: GenerateSyntheticFlags): Promise<void> {
  const output = await openOutput(flags.output);
  const progress = startProgress(flags.texts, "texts", flags.quiet !== true);
  const measured: string[] = [];
  try {
    const options = { texts: flags.texts, seed: flags.seed };
    for await (const pairs of generateSyntheticPairs({
      ...options,
      ...(flags.scenario && { scenarios: flags.scenario }),
    })) {
      await output.write(pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(""));
      if (measured.length < measuredTexts) measured.push(pairs[0]!.verbose);
      progress.advance(1);
    }
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  } finally {
    progress.stop();
  }
  if (flags.quiet === true || !(flags.output !== undefined || process.stderr.isTTY)) return;
  const { texts, lineForms, wordRuns } = measureDiversity(measured);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  process.stderr.write(
    `${flags.texts * pairsOfText} pairs; of ${texts} texts ${percent(lineForms)} of the lines have a form of their own, ${percent(wordRuns)} of the runs of four words\n`,
  );
}
