import type { LinearModel } from "./open-model.js";
import { readFacts } from "./read-facts.js";
import { readLineFacts } from "./read-line-facts.js";
import { splitWords } from "./split-words.js";
import { type LineKind, sumLines } from "./sum-lines.js";
import { sumWords } from "./sum-words.js";

type Unit = { readonly start: number; readonly end: number; readonly floor: boolean };

/**
 * The chance that a writer who shortens the text to `rate` of it keeps each unit of a run of words; of a unit of
 * several words by the mean of their log-odds. 0 for a unit without a word.
 *
 * @param units spans of the source that follow each other
 */
export function scoreWordsByWeights(
  source: string,
  units: readonly Pick<Unit, "start" | "end">[],
  rate: number,
  model: LinearModel,
): Float32Array {
  const start = units[0]?.start ?? 0;
  const text = source.slice(start, units.at(-1)?.end ?? start);
  const words = splitWords(text);
  const logits = sumWords(readFacts(text, words, false, model.frequencies), false, rate, model);
  const { starts, ends } = words;
  let first = 0;
  return Float32Array.from(units, (unit) => {
    while (first < starts.length && ends[first]! + start <= unit.start) first++;
    let sum = 0;
    let count = 0;
    for (let at = first; at < starts.length && starts[at]! + start < unit.end; at++) {
      sum += logits[at]!;
      count++;
    }
    return count === 0 ? 0 : chanceOf(sum / count);
  });
}

/** How surely a reader would miss each line, record or frame, 0..1. */
export function scoreLinesByWeights(
  source: string,
  units: readonly Unit[],
  kind: LineKind,
  model: LinearModel,
): Float32Array {
  return Float32Array.from(sumLines(readLineFacts(source, units, model.frequencies), kind, model), chanceOf);
}

function chanceOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
