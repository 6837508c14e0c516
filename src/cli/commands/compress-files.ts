import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { CompressStream } from "../../compress/compress-stream.js";
import { createCompressor } from "../../compress/create-compressor.js";
import type { CompressResult } from "../../compress/types.js";
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
  const store = await openCommandStore(flags.store, flags.quiet);
  const options = { ...readCompressOptions(flags), ...(store === undefined ? {} : { store }) };
  // One compressor for all files: a model is loaded once.
  const compressor = createCompressor();
  const run: Run = async (name, write) => {
    const text = await readInput(name);
    if (!flags.stream) return remark(name, await compressor.compress(text, options), flags);
    return remark(name, await writeStream(compressor.compressStream(text, options), write), flags);
  };
  try {
    if (flags.output !== undefined && (await isFolder(flags.output)))
      await writeIntoFolder(files, flags.output, flags, run);
    else await writeTogether(files, flags, run);
  } finally {
    await compressor.dispose();
  }
}

/** Compresses a file; with `--stream`, `write` receives the text as it comes. */
type Run = (name: string, write: (text: string) => Promise<void>) => Promise<CompressResult>;

/** All results to one output: a result begins on a line of its own. */
async function writeTogether(files: readonly string[], flags: CompressCommandFlags, run: Run): Promise<void> {
  const output = await openOutput(flags.output);
  const progress = startProgress(files.length, "files", files.length > 1 && !flags.quiet && !flags.stream);
  try {
    let last = "";
    for (const name of files) {
      let begun = false;
      const write = async (text: string) => {
        if (!begun && last !== "" && !last.endsWith("\n")) await output.write("\n");
        begun = true;
        await output.write(text);
        if (text !== "") last = text.slice(-1);
      };
      const result = await run(name, write);
      if (!flags.stream) await write(writeResult(result, name, files.length > 1, flags));
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

function remark(name: string, result: CompressResult, flags: CompressCommandFlags): CompressResult {
  if (!flags.quiet && !flags.json)
    for (const { message } of result.warnings) reportWarning(`${nameOf(name)}: ${message}`);
  if (wantsRemarks(flags)) process.stderr.write(`${summarizeResult(result, nameOf(name))}\n`);
  return result;
}

async function writeStream(stream: CompressStream, write: (text: string) => Promise<void>): Promise<CompressResult> {
  for await (const piece of stream) await write(piece);
  return stream.result;
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
