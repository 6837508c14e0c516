import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createTrainingQuestions } from "../../../compress/abstractive/create-training-questions.js";
import { BrevisError } from "../../../errors.js";
import { explainWriteError } from "../../../files/explain-file-errors.js";
import { exportExample, type RenderQuestion } from "../../../records/export-examples.js";
import { type BrokenLines, readPairs } from "../../../records/read-pairs.js";
import { openOutput } from "../../files/open-output.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { ExportFlags } from "./add-records-command.js";
import { findSides, type PairFile } from "./find-sides.js";
import { reportSkipped } from "./report-skipped.js";

/** Runs `brevis records export`. */
export async function runExport(path: string, flags: ExportFlags): Promise<void> {
  const render = await createTrainingQuestions(flags.prompts, flags.model);
  const { isFolder, files } = await findSides(path);
  if (isFolder) await makeFolder(flags.output);
  for (const file of files) {
    const output = isFolder ? join(flags.output!, `${file.name}.jsonl`) : flags.output;
    const written = await exportFile(file, output, render, reportSkipped(flags));
    if (!flags.quiet && output !== undefined) process.stderr.write(`${output}: ${formatCount(written)} examples\n`);
  }
}

async function exportFile(
  { path }: PairFile,
  name: string | undefined,
  render: RenderQuestion,
  broken: BrokenLines,
): Promise<number> {
  const output = await openOutput(name);
  let written = 0;
  try {
    for await (const pair of readPairs(path, broken)) {
      await output.write(`${JSON.stringify(exportExample(pair, render))}\n`);
      written++;
    }
    await output.commit();
  } finally {
    await output.discard();
  }
  return written;
}

async function makeFolder(folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    const hint = "Name it with -o.";
    throw new BrevisError("invalid-option", "Expected a folder to write the sides to but received none.", { hint });
  }
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, folder);
  });
}
