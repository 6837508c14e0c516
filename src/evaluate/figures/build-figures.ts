import { quantileOf } from "../../statistics/quantile-of.js";
import type { TextMeasure } from "../measure-texts.js";
import { type BootstrapOptions, bootstrap, type Interval } from "./bootstrap.js";
import { type CellRow, passOnAll, transferBetween } from "./transfer.js";

/** What figures need of an outcome. */
export interface CellOutcome {
  readonly pair: string;
  readonly document: string;
  readonly domain: string;
  readonly compressor: string;
  readonly model: string;
  readonly task: string;
  readonly index: number;
  /** Absent where the cell could not be measured. */
  readonly score?: number | undefined;
  readonly equivalent: boolean;
  /** US dollars of asking once with either text, at the registry's prices; absent without a price. */
  readonly cost?: { readonly verbose: number; readonly compressed: number } | undefined;
}

/** One row of the table. What has no evidence is absent: not measured. */
export interface Figures {
  readonly texts: number;
  readonly documents: number;
  readonly tokens: { readonly verbose: number; readonly compressed: number };
  /** 1 - compressed tokens / verbose tokens, over all texts. */
  readonly reduction: Interval | undefined;
  /** The share of must-keep words that are still there. */
  readonly mustKeep: Interval | undefined;
  /** Milliseconds of a call of the compressor. */
  readonly latency: { readonly p50: Interval | undefined; readonly p95: Interval | undefined };
  readonly cells: number;
  readonly measuredCells: number;
  /** The share of measured cells that are equivalent. */
  readonly equivalence: Interval | undefined;
  /** Mean over ordered pairs of models of P(passes on b | passes on a). */
  readonly transfer: Interval | undefined;
  /** The share of pairs and tasks that pass on every model. */
  readonly passOnAll: Interval | undefined;
  /** US dollars of asking every model once, with the verbose and with the compressed texts. */
  readonly cost: { readonly verbose: number; readonly compressed: number } | undefined;
}

/** What there is of one document. */
interface DocumentEvidence {
  readonly measures: TextMeasure[];
  readonly cells: CellOutcome[];
  readonly rows: CellRow[];
}

/** Figures of one compressor, over the measures and cells that are given. Intervals draw documents. */
export function buildFigures(
  measures: readonly TextMeasure[],
  cells: readonly CellOutcome[],
  models: readonly string[],
  options: BootstrapOptions,
): Figures {
  const documents = groupByDocument(measures, cells);
  const measured = cells.filter(({ score }) => score !== undefined);
  const over = (statistic: (sample: readonly DocumentEvidence[]) => number | undefined) =>
    bootstrap(documents, statistic, options);
  const sum = (read: (measure: TextMeasure) => number) => measures.reduce((total, measure) => total + read(measure), 0);
  return {
    texts: measures.length,
    documents: documents.length,
    tokens: { verbose: sum(({ tokens }) => tokens.verbose), compressed: sum(({ tokens }) => tokens.compressed) },
    reduction: over(reductionOf),
    mustKeep: over(mustKeepOf),
    latency: { p50: over(latencyAt(0.5)), p95: over(latencyAt(0.95)) },
    cells: cells.length,
    measuredCells: measured.length,
    equivalence: over(equivalenceOf),
    transfer: over((sample) =>
      transferBetween(
        sample.flatMap(({ rows }) => rows),
        models,
      ),
    ),
    passOnAll: over((sample) =>
      passOnAll(
        sample.flatMap(({ rows }) => rows),
        models,
      ),
    ),
    cost: costOf(cells),
  };
}

function groupByDocument(measures: readonly TextMeasure[], cells: readonly CellOutcome[]): DocumentEvidence[] {
  const documents = new Map<string, DocumentEvidence>();
  const evidenceOf = (document: string) => {
    const known = documents.get(document) ?? { measures: [], cells: [], rows: [] };
    documents.set(document, known);
    return known;
  };
  for (const measure of measures) evidenceOf(measure.document).measures.push(measure);
  for (const cell of cells) if (cell.score !== undefined) evidenceOf(cell.document).cells.push(cell);
  for (const evidence of documents.values()) evidence.rows.push(...rowsOf(evidence.cells));
  return [...documents.values()];
}

/** Cells of one pair and task side by side. */
function rowsOf(cells: readonly CellOutcome[]): CellRow[] {
  const rows = new Map<string, Record<string, boolean>>();
  for (const { pair, task, index, model, equivalent } of cells) {
    const key = JSON.stringify([pair, task, index]);
    rows.set(key, { ...rows.get(key), [model]: equivalent });
  }
  return [...rows.values()];
}

function reductionOf(sample: readonly DocumentEvidence[]): number | undefined {
  const share = ratioOver(sample, ({ tokens }) => [tokens.compressed, tokens.verbose]);
  return share === undefined ? undefined : 1 - share;
}

function mustKeepOf(sample: readonly DocumentEvidence[]): number | undefined {
  return ratioOver(sample, ({ mustKeep }) => [mustKeep.kept, mustKeep.words]);
}

function ratioOver(
  sample: readonly DocumentEvidence[],
  read: (measure: TextMeasure) => readonly [part: number, whole: number],
): number | undefined {
  let [parts, wholes] = [0, 0];
  for (const { measures } of sample) {
    for (const measure of measures) {
      const [part, whole] = read(measure);
      parts += part;
      wholes += whole;
    }
  }
  return wholes === 0 ? undefined : parts / wholes;
}

function latencyAt(share: number): (sample: readonly DocumentEvidence[]) => number | undefined {
  return (sample) => {
    const latencies = sample.flatMap(({ measures }) => measures.map(({ latency }) => latency));
    return latencies.length === 0 ? undefined : quantileOf(latencies, share);
  };
}

function equivalenceOf(sample: readonly DocumentEvidence[]): number | undefined {
  const cells = sample.flatMap((document) => document.cells);
  return cells.length === 0 ? undefined : cells.filter(({ equivalent }) => equivalent).length / cells.length;
}

/** Nothing where a cell has no price: a sum of some is no cost. */
function costOf(cells: readonly CellOutcome[]): Figures["cost"] {
  const costs = cells.flatMap(({ cost }) => cost ?? []);
  if (costs.length === 0 || costs.length < cells.length) return undefined;
  const sum = (read: (cost: NonNullable<CellOutcome["cost"]>) => number) =>
    costs.reduce((total, cost) => total + read(cost), 0);
  return { verbose: sum(({ verbose }) => verbose), compressed: sum(({ compressed }) => compressed) };
}
