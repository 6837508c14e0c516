import type { BrevisError } from "../errors.js";
import { readJsonLines } from "../files/read-json-lines.js";
import { type Pair, pairSchema } from "./pair.js";

/** What happens at a line that is no pair. */
export interface BrokenLines {
  readonly onBroken: "skip" | "fatal";
  readonly onSkip?: (error: BrevisError) => void;
}

/**
 * Reads pairs from a file of JSON Lines, in constant memory. Fields that the schema does not know are left out.
 *
 * @throws {BrevisError} `invalid-input`, with file and line, at a line that is no pair, where that is fatal
 */
export async function* readPairs(path: string, broken: BrokenLines): AsyncGenerator<Pair> {
  for await (const { record } of readJsonLines(path, { ...broken, schema: pairSchema })) yield record;
}
