import { type Compressed, staysWhole } from "../contenders/contender.js";
import type { BenchText } from "../data/read-texts.js";
import { measureContenders } from "../measure-contenders.js";
import { findContentWords } from "../measures/content-words.js";
import type { Part } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

/** Questions one of whose answers stays with all its content words in place. */
export const wholeAnswers: QualityCase = {
  name: "whole-answers",
  title: "Answers whose content words all stay (held-out paragraphs, the question is not told)",
  reads: ["qa_extractive.jsonl"],
  async *run(setting) {
    const { data, brevis, baselines, rates } = setting;
    const documents = data.heldOut("qa");
    const contenders = [brevis, ...baselines];
    const measure = (text: BenchText, compressed: Compressed) => ({ "answers whole": countWhole(text, compressed) });
    yield* measureContenders({ case: this.name, texts: "paragraphs", documents, contenders, rates, measure }, setting);
  },
};

/** How many of a text's questions have an answer left whole. An answer of grammar alone counts with all of its characters. */
export function countWhole(
  { text, questions = [] }: Pick<BenchText, "text" | "questions">,
  compressed: Compressed,
): Part {
  const isWhole = ({ start, end }: { start: number; end: number }) => {
    // A word that the answer begins or ends within counts whole.
    const words = wordsAround(text, start, end);
    return words.length > 0
      ? words.every((word) => staysWhole(compressed, word.start, word.end))
      : staysWhole(compressed, start, end);
  };
  return [questions.filter((answers) => answers.some(isWhole)).length, questions.length];
}

function wordsAround(text: string, start: number, end: number) {
  const from = text.slice(0, start).search(/\S*$/u);
  const rest = /^\S*/u.exec(text.slice(end))![0];
  return findContentWords(text.slice(from, end + rest.length))
    .map((word) => ({ start: word.start + from, end: word.end + from }))
    .filter((word) => word.start < end && word.end > start);
}
