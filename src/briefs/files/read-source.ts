import { BrevisError } from "../../errors.js";
import { readText } from "../../files/read-text.js";

/** Bytes of the largest brief. Beyond this it is no brief: no model's context holds a tenth of it. */
export const largestBrief = 16 * 1024 * 1024;

/**
 * Reads a brief: text in UTF-8 that says something.
 *
 * @throws {BrevisError} `input-not-found`, `input-is-directory`, `input-not-utf8`, `invalid-input`
 */
export async function readSource(path: string): Promise<string> {
  const text = await readText(path);
  if (text.length > largestBrief) {
    throw new BrevisError("invalid-input", `Expected a brief of at most ${largestBrief} bytes but ${path} has more.`, {
      hint: "Split it by its headings.",
    });
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
