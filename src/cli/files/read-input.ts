import { BrevisError } from "../../errors.js";
import { explainReadError } from "../../files/explain-file-errors.js";
import { decodeUtf8, readBytes } from "../../files/read-text.js";

/** The name that stands for standard input. */
export const standardInput = "-";

/**
 * Reads a whole file, or standard input for `-`, as UTF-8. A byte order mark is part of the text.
 *
 * @throws {BrevisError} `input-not-found`, `input-is-directory`, `input-not-utf8`, or `invalid-input` for what cannot be read
 */
export async function readInput(name: string): Promise<string> {
  return decodeUtf8(name === standardInput ? await readStandardInput() : await readBytes(name), nameOf(name));
}

/** Refuses to wait for a person to type where a pipe or a file was meant. */
export function refuseSilentTerminal(): void {
  if (!process.stdin.isTTY) return;
  throw new BrevisError(
    "invalid-input",
    "Expected a FILE, or text on standard input, but standard input is a terminal.",
    {
      hint: "Name a file, pipe a command into brevis, or give - to type the text.",
    },
  );
}

/** A name for messages. */
export function nameOf(name: string): string {
  return name === standardInput ? "standard input" : name;
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk);
  } catch (error) {
    throw explainReadError(error as NodeJS.ErrnoException, "standard input");
  }
  return Buffer.concat(chunks);
}
