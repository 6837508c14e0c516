import { z } from "zod";
import { BrevisError } from "../../../errors.js";
import { readJsonLines } from "../../../files/read-json-lines.js";
import { pairTaskSchema } from "../../../records/outcome.js";
import { pairSchema } from "../../../records/pair.js";
import type { PairToValidate } from "../../../validate/run/plan-cells.js";
import { reportWarning } from "../../terminal/report-error.js";

const pairToValidateSchema = pairSchema.extend({
  tasks: z.array(pairTaskSchema).optional(),
  compressor: z.string().min(1).optional(),
});

/** What is read of files of pairs. */
export interface PairsToRead {
  readonly files: readonly string[];
  readonly limit?: number | undefined;
  readonly skipBroken: boolean;
}

/**
 * Pairs of files, one after the other, with the tasks that their records bring along.
 *
 * @param isQuiet whether lines that are left out are not spoken of: when the same files are read again
 * @throws BrevisError `invalid-input` with file and line at a line that is no pair, unless those are left out
 */
export async function* readPairsToValidate(
  { files, limit = Number.POSITIVE_INFINITY, skipBroken }: PairsToRead,
  isQuiet = false,
): AsyncGenerator<PairToValidate> {
  let count = 0;
  const onSkip = (error: BrevisError) => {
    if (!isQuiet) reportWarning(`${error.message} It is left out.`);
  };
  for (const file of files) {
    const options = { schema: pairToValidateSchema, onBroken: skipBroken ? "skip" : "fatal", onSkip } as const;
    for await (const { record } of readJsonLines(file, options)) {
      if (count++ >= limit) return;
      yield record;
    }
  }
}

/** How many pairs there are. */
export async function countPairs(pairs: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of pairs) count++;
  if (count > 0) return count;
  throw new BrevisError("invalid-input", "Expected pairs but the input has none.", {
    hint: "Give a file of JSON Lines as `brevis generate` writes it.",
  });
}
