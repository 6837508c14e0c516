import { BrevisError } from "../../errors.js";
import { readText } from "../../files/read-text.js";

/** UTF-16 code units of the largest brief, some 250,000 tokens: what is longer, agents cannot load as instructions. */
export const largestBrief = 1024 * 1024;

/**
 * Reads a brief: text in UTF-8 that says something.
 *
 * @throws {BrevisError} `input-not-found`, `input-is-directory`, `input-not-utf8`, `invalid-input`
 */
export async function readSource(path: string): Promise<string> {
  const text = await readText(path);
  if (text.length > largestBrief) {
    throw new BrevisError(
      "invalid-input",
      `Expected a brief of at most ${largestBrief} characters but ${path} has ${text.length}.`,
      {
        hint: "Agents cannot load a brief of this size. Split it by its headings, or compress it with `brevis compress`.",
      },
    );
  }
  if (text.includes("\0")) {
    throw new BrevisError("invalid-input", `Expected a text but ${path} holds NUL characters: it is binary.`, {
      hint: "Give a Markdown file.",
    });
  }
  if (text.trim() !== "") return text;
  throw new BrevisError("invalid-input", `Expected a brief but ${path} is empty.`, {
    hint: "Write the brief first, or leave the file out.",
  });
}
