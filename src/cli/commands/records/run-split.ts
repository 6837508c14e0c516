import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { explainWriteError } from "../../../files/explain-file-errors.js";
import { openWholeFile } from "../../../files/open-whole-file.js";
import type { Pair } from "../../../records/pair.js";
import { type BrokenLines, readPairs } from "../../../records/read-pairs.js";
import { type Shares, type Side, sides, splitPairs } from "../../../records/split-pairs.js";
import { reportWarning } from "../../terminal/report-error.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { SplitFlags } from "./add-records-command.js";
import { reportSkipped } from "./report-skipped.js";

/** Runs `brevis records split`. The files are read twice: for the groups, and to write. */
export async function runSplit(files: readonly string[], flags: SplitFlags): Promise<void> {
  const { output: folder, quiet } = flags;
  const shares = parseShares(flags.shares);
  const chosen = await splitPairs(readAll(files, reportSkipped(flags)), shares);
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw explainWriteError(error, folder);
  });
  await writeSides(readAll(files, { onBroken: flags.onBroken }), chosen, folder);
  if (quiet) return;
  const counts = sides.map((side) => chosen.filter((each) => each === side).length);
  process.stderr.write(`${sides.map((side, index) => `${side} ${formatCount(counts[index]!)}`).join(", ")} pairs\n`);
  if (sides.some((side, index) => counts[index]! < 0.5 * shares[side] * chosen.length)) {
    reportWarning(
      "A side has less than half of its share: most pairs are linked by words that they share, and stay together.",
    );
  }
}

async function* readAll(files: readonly string[], broken: BrokenLines): AsyncGenerator<Pair> {
  for (const file of files) yield* readPairs(file, broken);
}

async function writeSides(pairs: AsyncIterable<Pair>, chosen: readonly Side[], folder: string): Promise<void> {
  const outputs = await Promise.all(sides.map((side) => openWholeFile(join(folder, `${side}.jsonl`))));
  try {
    let index = 0;
    for await (const pair of pairs) {
      const side = chosen[index++]!;
      await outputs[sides.indexOf(side)]!.write(`${JSON.stringify(pair)}\n`);
    }
    for (const output of outputs) await output.commit();
  } finally {
    for (const output of outputs) await output.discard();
  }
}

function parseShares(text: string): Shares {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  // Too few, too many and no numbers are refused with the rest.
  const [train = Number.NaN, valid = Number.NaN, test = Number.NaN] = numbers.length === 3 ? numbers : [];
  return { train, valid, test };
}
