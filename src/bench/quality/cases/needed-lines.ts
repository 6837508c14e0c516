import { type Compressed, staysWhole } from "../contenders/contender.js";
import type { BenchText } from "../data/read-texts.js";
import { measureContenders } from "../measure-contenders.js";
import { findContentWords } from "../measures/content-words.js";
import { linesOf, linesOfAnswer } from "../measures/lines-of-answer.js";
import type { Part } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

/** Lines that a later question needs: turns of a meeting that an answer draws on, signatures that tests call. */
export const neededLines: QualityCase = {
  name: "needed-lines",
  title: "Lines that a later question needs (the question is not told)",
  reads: ["meeting_qa.jsonl", "code_problems.jsonl"],
  async *run(setting) {
    const { data, brevis, baselines, rates } = setting;
    const common = { case: this.name, contenders: [brevis, ...baselines], rates };
    yield* measureContenders(
      { ...common, texts: "meetings", documents: data.heldOut("meetings"), measure: countTurns },
      setting,
    );
    yield* measureContenders(
      { ...common, texts: "signatures", documents: data.heldOut("code_problems"), measure: countSignature },
      setting,
    );
  },
};

/** What transcribers write for sounds, which no answer draws on. */
const transcribedSound = /^(?:disfmarker|vocalsound|nonvocalsound|pause|gap|uh|um|mm|hmm|mhm)$/u;

/**
 * Of the turns that the answer draws on: the share of each one's content words that stay, and of the answer's words that they
 * bring, how many stay.
 */
function countTurns({ text, answer = "" }: BenchText, compressed: Compressed): Record<string, Part> {
  let found = 0;
  let answering = 0;
  let asked = 0;
  const lines = linesOfAnswer(text, answer);
  for (const { start, end, brings } of lines) {
    const words = findContentWords(text.slice(start, end)).filter(({ word }) => !transcribedSound.test(word));
    const kept = words.filter((word) => staysWhole(compressed, word.start + start, word.end + start));
    found += kept.length / Math.max(1, words.length);
    answering += new Set(kept.filter(({ word }) => brings.has(word)).map(({ word }) => word)).size;
    asked += brings.size;
  }
  return { "words of needed turns": [found, lines.length], "answer's words in them": [answering, asked] };
}

function countSignature({ text, entryPoint = "" }: BenchText, compressed: Compressed): Record<string, Part> {
  const lines = linesOf(text).filter(({ start, end }) => text.slice(start, end).includes(`def ${entryPoint}`));
  return { "lines whole": [lines.filter(({ start, end }) => staysWhole(compressed, start, end)).length, lines.length] };
}
