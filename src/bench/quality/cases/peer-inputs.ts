import type { Compressed } from "../contenders/contender.js";
import type { BenchText } from "../data/read-texts.js";
import { measureContenders } from "../measure-contenders.js";
import type { Part } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

/** What peers measure themselves on, and what they say has to stay there. */
export const peerInputs: QualityCase = {
  name: "peer-inputs",
  title: "Strings that peers expect to stay in their own inputs (questions are told)",
  reads: ["peer_inputs.jsonl"],
  async *run(setting) {
    const { data, brevis, baselines, peers, rates } = setting;
    const documents = data.all("peer_inputs");
    const common = { case: this.name, texts: "all", measure: countExpected, groupsAt: 0.5 };
    yield* measureContenders({ ...common, documents, contenders: [brevis, ...baselines, ...peers], rates }, setting);
  },
};

/** Notation alone makes no string lost: it may stand as it is, or as the same words with other marks between them. */
export function countExpected({ expect = [] }: Pick<BenchText, "expect">, { text }: Pick<Compressed, "text">) {
  const words = wordsOf(text);
  const stays = (one: string) => text.includes(one) || words.includes(wordsOf(one));
  const part: Part = [expect.filter(stays).length, expect.length];
  return { "expected strings": part };
}

/** Words with one space around them. */
function wordsOf(text: string): string {
  const marks = /[^\p{L}\p{N}_./-]+/gu;
  return ` ${text.toLowerCase().replace(marks, " ").trim()} `;
}
