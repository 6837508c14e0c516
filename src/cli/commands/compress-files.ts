import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { compress } from "../../compress/compress.js";
import type { CompressOptions, CompressResult } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import { openOutput } from "../files/open-output.js";
import { nameOf, readInput, refuseSilentTerminal, standardInput } from "../files/read-input.js";
import { reportWarning } from "../terminal/report-error.js";
import { startProgress } from "../terminal/start-progress.js";
import { summarizeResult, wantsRemarks } from "../terminal/summarize-result.js";
import type { CompressCommandFlags } from "./add-compress-command.js";
import { readCompressOptions } from "./compress-flags.js";
import { openCommandStore } from "./open-command-store.js";

/** `brevis compress FILE...`: each file on its own, in the order given. */
export async function compressFiles(given: readonly string[], flags: CompressCommandFlags): Promise<void> {
  const files = given.length === 0 ? [standardInput] : given;
  if (given.length === 0) refuseSilentTerminal();
  const options = readCompressOptions(flags);
  const store = await openCommandStore(flags.store, flags.quiet);
  const run = (name: string) => compressFile(name, store === undefined ? options : { ...options, store }, flags);
  if (flags.output !== undefined && (await isFolder(flags.output)))
    await writeIntoFolder(files, flags.output, flags, run);
  else await writeTogether(files, flags, run);
}

type Run = (name: string) => Promise<CompressResult>;

/** All results to one output: a result begins on a line of its own. */
async function writeTogether(files: readonly string[], flags: CompressCommandFlags, run: Run): Promise<void> {
  const output = await openOutput(flags.output);
  const progress = startProgress(files.length, "files", files.length > 1 && !flags.quiet);
  try {
    let last = "";
    for (const name of files) {
      const written = writeResult(await run(name), name, files.length > 1, flags);
      if (last !== "" && !last.endsWith("\n")) await output.write("\n");
      await output.write(written);
      if (written !== "") last = written.slice(-1);
      progress.advance(1);
    }
    await output.commit();
  } finally {
    progress.stop();
    await output.discard();
  }
}

/** Each result to a file of its own, under the name of its source. */
async function writeIntoFolder(
  files: readonly string[],
  folder: string,
  flags: CompressCommandFlags,
  run: Run,
): Promise<void> {
  const targets = files.map((name) => join(folder, outputName(name, flags)));
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) {
    throw new BrevisError("invalid-option", `Expected files of different names but two would be written to ${twice}.`);
  }
  const progress = startProgress(files.length, "files", files.length > 1 && !flags.quiet);
  try {
    for (const [index, name] of files.entries()) {
      await writeTogether([name], { ...flags, output: targets[index]! }, run);
      progress.advance(1);
    }
  } finally {
    progress.stop();
  }
}

async function compressFile(
  name: string,
  options: CompressOptions,
  flags: CompressCommandFlags,
): Promise<CompressResult> {
  const result = await compress(await readInput(name), options);
  if (!flags.quiet && !flags.json)
    for (const { message } of result.warnings) reportWarning(`${nameOf(name)}: ${message}`);
  if (wantsRemarks(flags)) process.stderr.write(`${summarizeResult(result, nameOf(name))}\n`);
  return result;
}

function writeResult(result: CompressResult, name: string, several: boolean, { json }: CompressCommandFlags): string {
  if (!json) return result.text;
  return `${JSON.stringify(several ? { file: name, ...result } : result)}\n`;
}

function outputName(name: string, { json }: CompressCommandFlags): string {
  if (name !== standardInput) return json ? `${basename(name)}.json` : basename(name);
  throw new BrevisError("invalid-option", "Expected named files with -o DIR but received standard input.", {
    hint: "Name a file with -o.",
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
