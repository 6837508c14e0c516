import { z } from "zod";
import type { Outcome } from "../../records/outcome.js";

/** What became of one pair over its models and tasks. */
export const validationSchema = z.object({
  /** Names the texts, tasks, models and settings; a run that is resumed finds its finished pairs by it. */
  key: z.string(),
  /** Names models and settings. */
  run: z.string(),
  tokens: z.object({ verbose: z.int().nonnegative(), compressed: z.int().nonnegative() }),
  rate: z.number().nonnegative(),
  /** By model and task: the mean score of its cells, 0..1; null where none could be measured. */
  models: z.record(z.string(), z.record(z.string(), z.number().nullable())),
  /** The lowest score of a cell; null where none could be measured. */
  min: z.number().nullable(),
  /** Every cell was measured and equivalent. */
  passed: z.boolean(),
  cells: z.int().nonnegative(),
  measured: z.int().nonnegative(),
  reasons: z.array(z.string()),
});
export type Validation = z.infer<typeof validationSchema>;

/** What a pair's summary needs of an outcome. */
export type CellResult = Pick<Outcome, "key" | "model" | "task" | "index" | "score" | "equivalent" | "reasons">;

/** Sums up the cells of a pair. */
export function summarizePair(
  { key, run, tokens }: Pick<Validation, "key" | "run" | "tokens">,
  results: readonly CellResult[],
): Validation {
  const ordered = [...results].sort((a, b) => a.index - b.index);
  const measured = ordered.flatMap(({ score }) => score ?? []);
  const names = [...new Set(ordered.map(({ model }) => model))].sort();
  return {
    ...{ key, run, tokens },
    rate: tokens.verbose === 0 ? 1 : tokens.compressed / tokens.verbose,
    models: Object.fromEntries(
      names.map((name) => [name, scoresByTask(ordered.filter(({ model }) => model === name))]),
    ),
    min: measured.length === 0 ? null : Math.min(...measured),
    passed: ordered.length > 0 && ordered.every(({ score, equivalent }) => score !== undefined && equivalent),
    cells: ordered.length,
    measured: measured.length,
    reasons: ordered.flatMap(({ model, task, reasons, equivalent }) =>
      equivalent ? [] : reasons.slice(0, 3).map((reason) => `${model}, ${task}: ${reason}`),
    ),
  };
}

function scoresByTask(results: readonly CellResult[]): Record<string, number | null> {
  const tasks = [...new Set(results.map(({ task }) => task))];
  return Object.fromEntries(
    tasks.map((name) => {
      const scores = results.flatMap(({ task, score }) => (task === name ? (score ?? []) : []));
      return [name, scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length];
    }),
  );
}
