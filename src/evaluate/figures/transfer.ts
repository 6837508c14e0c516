/** Whether models passed one pair and task: by model, only those that were measured. */
export type CellRow = Readonly<Record<string, boolean>>;

/**
 * Cross-model transfer: the mean, over ordered pairs of models, of P(b passes | a passes), each over the rows in which both were measured.
 *
 * @returns nothing for fewer than two models, or where no model passes anything
 */
export function transferBetween(rows: readonly CellRow[], models: readonly string[]): number | undefined {
  const shares: number[] = [];
  for (const a of models) {
    for (const b of models) {
      if (a === b) continue;
      const given = rows.filter((row) => row[a] === true && row[b] !== undefined);
      if (given.length > 0) shares.push(given.filter((row) => row[b] === true).length / given.length);
    }
  }
  return shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The share of rows on which every model passes, of those in which every model was measured. Nothing for fewer than two models. */
export function passOnAll(rows: readonly CellRow[], models: readonly string[]): number | undefined {
  if (models.length < 2) return undefined;
  const measured = rows.filter((row) => models.every((model) => row[model] !== undefined));
  if (measured.length === 0) return undefined;
  return measured.filter((row) => models.every((model) => row[model] === true)).length / measured.length;
}
