import type { Compressed } from "../contenders/contender.js";
import { cut } from "../contenders/truncate.js";
import type { BenchText } from "../data/read-texts.js";
import { measureContenders } from "../measure-contenders.js";
import { findMustKeepWords } from "../measures/must-keep-classes.js";
import type { Part } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

/** Negations, numbers and every other class of words that never go from prose. */
export const mustKeepSurvival: QualityCase = {
  name: "must-keep",
  title: "Must-keep words of prose that stay in place, class by class",
  reads: ["compression_pairs.jsonl", "qa_extractive.jsonl", "prose_agent_multilingual.jsonl"],
  async *run(setting) {
    const { data, brevis, baselines } = setting;
    const english = data.heldOut("prose").filter(({ language }) => language === "en");
    const documents = [
      ...data.heldOut("pairs").filter(({ group }) => group === "nl"),
      ...data.heldOut("qa"),
      ...english,
    ];
    const contenders = [brevis, ...baselines];
    yield* measureContenders(
      { case: this.name, texts: "prose", documents, contenders, rates: [0.5], measure: countMustKeep },
      setting,
    );
  },
};

/** Must-keep words that stay whole, by class, but for those that went with a whole line, message or record, which a marker counts. */
export function countMustKeep({ text }: Pick<BenchText, "text">, { omitted = [] }: Compressed): Record<string, Part> {
  const counts: Record<string, [number, number]> = { "all classes": [0, 0] };
  for (const { name, start, end } of findMustKeepWords(text)) {
    const gone = omitted.filter((span) => span.start < end && span.end > start);
    // Markers count what goes whole; a word of which a part went is lost whatever took it.
    const isMarked = ({ what }: { what: string }) => what !== "words" && what !== cut;
    if (gone.some((span) => isMarked(span) && span.start <= start && span.end >= end)) continue;
    counts[name] ??= [0, 0];
    for (const count of [counts["all classes"]!, counts[name]]) {
      count[0] += gone.length === 0 ? 1 : 0;
      count[1]++;
    }
  }
  return counts;
}
