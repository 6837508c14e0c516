import type { Compressed } from "../contenders/contender.js";
import type { BenchText } from "../data/read-texts.js";
import { measureContenders } from "../measure-contenders.js";
import { countKept, evidenceLines } from "../measures/evidence.js";
import type { Part } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

/** Lines of tool output that speak of errors. */
export const evidenceOfTools: QualityCase = {
  name: "evidence",
  title: "Lines of tool output that speak of errors, failures and denials",
  reads: ["tool_outputs.jsonl"],
  async *run(setting) {
    const { data, brevis, baselines, peers, rates } = setting;
    const documents = data.all("tool_outputs");
    const contenders = [brevis, ...baselines, ...peers];
    const common = { case: this.name, texts: "all", measure: countEvidence, groupsAt: 0.5 };
    yield* measureContenders({ ...common, documents, contenders, rates }, setting);
  },
};

function countEvidence({ text }: BenchText, compressed: Compressed): Record<string, Part> {
  const lines = evidenceLines(text);
  return { "evidence lines": [countKept(lines, compressed.text), lines.length] };
}
