import { openWholeFile, type WholeFile } from "../../files/open-whole-file.js";
import { writeStandardOutput } from "./write-standard-output.js";

/**
 * Where a command writes its result: a file that appears whole or not at all, or standard output without a path. Devices and pipes are
 * written to directly.
 *
 * @throws {BrevisError} `output-failed`, from here and from each call on the output
 */
export async function openOutput(path: string | undefined): Promise<WholeFile> {
  return path === undefined ? standardOutput : openWholeFile(path);
}

const standardOutput: WholeFile = {
  write: writeStandardOutput,
  async commit() {},
  async discard() {},
};
