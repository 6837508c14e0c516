import type { z } from "zod";
import { BrevisError } from "../errors.js";
import { type InputLine, readLines } from "./read-lines.js";
import { decodeUtf8 } from "./read-text.js";

/** One record with the number of its line, from 1. */
export interface JsonLine<T> {
  readonly line: number;
  readonly record: T;
}

export interface ReadJsonLinesOptions<T> {
  /** What a record has to be; what the schema makes of it is what comes out. */
  readonly schema: z.ZodType<T>;
  /** `fatal` throws at the first line that is no such record; `skip` leaves it out and tells `onSkip`. */
  readonly onBroken: "skip" | "fatal";
  /** Hears of each line that was left out. */
  readonly onSkip?: (error: BrevisError) => void;
  /** Leaves out a last line without its line break that is no JSON, and says nothing: of a file that is being appended to. */
  readonly growing?: boolean;
}

/**
 * Reads a file of JSON Lines, record by record. Blank lines are passed over.
 *
 * @throws {BrevisError} `invalid-input` with file and line where a line is broken and that is fatal; for the file itself as `readText`
 */
export async function* readJsonLines<T>(path: string, options: ReadJsonLinesOptions<T>): AsyncGenerator<JsonLine<T>> {
  for await (const line of readLines(path)) {
    const parsed = parseLine(line, `${path}:${line.number}`, options);
    if (parsed === undefined) continue;
    if (!("error" in parsed)) yield { line: line.number, record: parsed.record };
    else if (options.onBroken === "fatal") throw parsed.error;
    else options.onSkip?.(parsed.error);
  }
}

/** A line's record, or what is wrong with it; undefined for what is passed over. */
function parseLine<T>(
  line: InputLine,
  place: string,
  { schema, growing }: ReadJsonLinesOptions<T>,
): { record: T } | { error: BrevisError } | undefined {
  try {
    const text = decodeUtf8(line.bytes, place);
    if (text.trim() === "") return undefined;
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return { record: parsed.data };
    return { error: broken(place, describeIssue(parsed.error), parsed.error) };
  } catch (cause) {
    if (cause instanceof BrevisError) return { error: cause };
    const isLast = line.length === line.bytes.length;
    if (isLast && growing === true) return undefined;
    const cut = isLast ? "; the file ends in the middle of it" : "";
    return { error: broken(place, `${(cause as Error).message}${cut}`, cause) };
  }
}

function broken(place: string, reason: string, cause: unknown): BrevisError {
  const message = `Expected a record at ${place} but ${reason}.`;
  return new BrevisError("invalid-input", message, {
    hint: "Correct or remove the line, or have broken lines skipped.",
    cause,
  });
}

function describeIssue({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
