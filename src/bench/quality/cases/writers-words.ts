import { measureContenders } from "../measure-contenders.js";
import { countSharedWords } from "../measures/content-words.js";
import type { QualityCase } from "../quality-case.js";

/** Content words that a frontier model kept when it shortened the same text. */
export const writersWords: QualityCase = {
  name: "writers-words",
  title: "Words that a frontier model kept (held-out pairs)",
  reads: ["compression_pairs.jsonl"],
  async *run(setting) {
    const { data, brevis, baselines, rates } = setting;
    for (const [group, texts] of [
      ["nl", "prose"],
      ["code", "code"],
    ] as const) {
      const documents = data.heldOut("pairs").filter((text) => text.group === group);
      const contenders = [brevis, ...baselines];
      const measure = ({ compressed = "" }: { compressed?: string }, { text }: { text: string }) => ({
        "words found": countSharedWords(compressed, text),
      });
      yield* measureContenders({ case: this.name, texts, documents, contenders, rates, measure }, setting);
    }
  },
};
