import type { TextMeasure } from "../measure-texts.js";
import type { BootstrapOptions } from "./bootstrap.js";
import { buildFigures, type CellOutcome, type Figures } from "./build-figures.js";

/** Figures of one compressor, over everything and in parts. */
export interface CompressorReport {
  readonly name: string;
  readonly overall: Figures;
  readonly domains: Readonly<Record<string, Figures>>;
  readonly models: Readonly<Record<string, Figures>>;
  /** Milliseconds of each call, ascending. */
  readonly latencies: readonly number[];
}

/** Something that this run could not tell, and why. */
export interface NotMeasured {
  readonly what: string;
  readonly reason: string;
}

/** What `brevis evaluate` found. */
export interface EvaluationReport {
  readonly texts: number;
  readonly documents: number;
  readonly models: readonly string[];
  readonly notMeasured: readonly NotMeasured[];
  readonly bootstrap: BootstrapOptions;
  readonly compressors: readonly CompressorReport[];
}

/** What a report is built of. */
export interface Evidence {
  readonly measures: readonly TextMeasure[];
  readonly cells: readonly CellOutcome[];
  readonly models: readonly string[];
  readonly notMeasured: readonly NotMeasured[];
}

/** Builds the report of all compressors, in the order in which they were measured. */
export function buildReport(
  { measures, cells, models, notMeasured }: Evidence,
  options: BootstrapOptions,
): EvaluationReport {
  const names = [...new Set(measures.map(({ compressor }) => compressor))];
  const texts = new Set(measures.map(({ id }) => id)).size;
  const documents = new Set(measures.map(({ document }) => document)).size;
  const compressors = names.map((name) => {
    const own = measures.filter(({ compressor }) => compressor === name);
    const ownCells = cells.filter(({ compressor }) => compressor === name);
    const domains = [...new Set(own.map(({ domain }) => domain))].sort();
    return {
      name,
      overall: buildFigures(own, ownCells, models, options),
      domains: Object.fromEntries(
        domains.map((domain) => [
          domain,
          buildFigures(
            own.filter((measure) => measure.domain === domain),
            ownCells.filter((cell) => cell.domain === domain),
            models,
            options,
          ),
        ]),
      ),
      models: Object.fromEntries(
        models.map((model) => [
          model,
          buildFigures(
            own,
            ownCells.filter((cell) => cell.model === model),
            [model],
            options,
          ),
        ]),
      ),
      latencies: own.map(({ latency }) => latency).sort((a, b) => a - b),
    };
  });
  return { texts, documents, models, notMeasured, bootstrap: options, compressors };
}
