import type { Contender } from "./contenders/contender.js";
import type { QualityData } from "./data/quality-data.js";

/** One figure of one contender. */
export interface QualityRow {
  readonly case: string;
  /** Which of the case's texts: `prose`, a kind of tool output. */
  readonly texts: string;
  readonly contender: string;
  /** The rate that was asked for, and the share of the tokens that stayed; undefined where nothing is compressed. */
  readonly asked?: number | undefined;
  readonly kept?: number | undefined;
  readonly measure: string;
  readonly value: number;
  /** 95 % interval by bootstrap over documents; undefined where there is nothing to draw. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** How many texts, and how many things were looked for in them. */
  readonly documents: number;
  readonly wanted: number;
}

/** What a case may use. */
export interface QualitySetting {
  readonly data: QualityData;
  readonly rates: readonly number[];
  /** `compress()`, with the options that were asked for. */
  readonly brevis: Contender;
  /** Truncation, random choice, and the scorers alone. */
  readonly baselines: readonly Contender[];
  /** Other packages, as far as they are installed. */
  readonly peers: readonly Contender[];
  /** Is told of every text that a contender is done with. */
  readonly onText: () => void;
}

/** A part of the benchmark with a name of its own. */
export interface QualityCase {
  readonly name: string;
  /** What the figures are. */
  readonly title: string;
  /** Files of the data folder, one of which at least has to be there. */
  readonly reads: readonly string[];
  run(setting: QualitySetting): AsyncIterable<QualityRow>;
}
