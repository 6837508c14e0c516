import * as z from "zod";
import { BrevisError } from "../../errors.js";
import type { BriefAnswer } from "./model-asker.js";

/** The whole text of an answer. @throws {BrevisError} `remote-failed` where it was cut, refused or empty */
export function readWhole({ end, text }: BriefAnswer, slug: string): string {
  if (end === "stop" && text.trim() !== "") return text;
  const reasons = { length: "was cut at its limit", refused: "was refused", empty: "is empty", stop: "is empty" };
  throw new BrevisError("remote-failed", `Expected an answer of ${slug} but it ${reasons[end]}.`);
}

/** A text that was rewritten: without a fence around all of it, with a line break at its end. */
export function readText(answer: BriefAnswer, slug: string): string {
  const text = readWhole(answer, slug).trim();
  const fenced = /^```(?:markdown|md)?\n([\s\S]*)\n```$/u.exec(text)?.[1];
  const bare = fenced !== undefined && !/^```/mu.test(fenced) ? fenced : text;
  return `${bare.trim()}\n`;
}

/** JSON that follows a schema; text or a fence around it does not matter. @throws {BrevisError} `remote-failed` for anything else */
export function readJson<Value>(answer: BriefAnswer, slug: string, schema: z.ZodType<Value>): Value {
  const text = readWhole(answer, slug);
  const json = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new BrevisError("remote-failed", `Expected JSON of ${slug} but received: ${text.slice(0, 120)}`, { cause });
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new BrevisError("remote-failed", `Expected JSON of its schema of ${slug}: ${z.prettifyError(read.error)}`);
}
