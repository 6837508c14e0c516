import { existsSync } from "node:fs";
import { z } from "zod";
import { BrevisError } from "../../errors.js";
import { readJsonLines } from "../../files/read-json-lines.js";
import { outcomeSchema } from "../../records/outcome.js";
import { pairKeyOf } from "./plan-cells.js";
import type { CellResult } from "./summarize-pair.js";

/** What earlier runs into a file have done. */
export interface Progress {
  /** Keys of pairs that have a verdict. */
  readonly finished: Set<string>;
  /** Of the finished ones. */
  readonly passed: number;
  /** Cells of pairs that have none yet. */
  readonly cells: Map<string, CellResult>;
}

const verdictSchema = z.object({
  validation: z.object({ key: z.string(), run: z.string(), passed: z.boolean() }),
});
const resultSchema = outcomeSchema.pick({
  key: true,
  model: true,
  task: true,
  index: true,
  score: true,
  equivalent: true,
  reasons: true,
});

/**
 * Reads the verdicts and outcomes of a run that may have been killed. A line that was being written then is left out.
 *
 * @throws BrevisError `invalid-input` where the verdicts are of other models or settings
 */
export async function readProgress(verdicts: string, outcomes: string, run: string): Promise<Progress> {
  const finished = new Set<string>();
  let passed = 0;
  for await (const { record, line } of readGrowing(verdicts, verdictSchema)) {
    const { validation } = record;
    if (validation.run !== run) throw otherRun(`${verdicts}:${line}`);
    if (!finished.has(validation.key) && validation.passed) passed++;
    finished.add(validation.key);
  }
  const cells = new Map<string, CellResult>();
  for await (const { record } of readGrowing(outcomes, resultSchema)) {
    if (!finished.has(pairKeyOf(record.key))) cells.set(record.key, { ...record, score: record.score } as CellResult);
  }
  return { finished, passed, cells };
}

function readGrowing<T>(path: string, schema: z.ZodType<T>) {
  if (!existsSync(path)) return [];
  return readJsonLines(path, { schema, onBroken: "fatal", growing: true });
}

function otherRun(place: string): BrevisError {
  return new BrevisError(
    "invalid-input",
    `Expected verdicts of this run but ${place} is of other models or settings.`,
    {
      hint: "Name another file with -o, or remove it and the outcomes beside it.",
    },
  );
}
