import { compress } from "../../../compress/compress.js";
import { inspectText } from "../../../compress/inspect.js";
import type { BenchText } from "../data/read-texts.js";
import { resample } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

const askedRates = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/**
 * Whether what was asked for is what stays: how far, as a share of the given tokens, the kept share is from
 * the larger of asked rate and floor; a text of which everything fits, in fewer tokens by its notation alone, is as it should be.
 */
export const keptShare: QualityCase = {
  name: "kept-share",
  title: "Share kept, against the larger of the asked rate and the floor",
  reads: ["compression_pairs.jsonl", "qa_extractive.jsonl", "tool_outputs.jsonl"],
  async *run({ data, brevis, onText }) {
    const pairs = data.heldOut("pairs");
    const groups: [string, readonly BenchText[]][] = [
      ["prose", [...pairs.filter(({ group }) => group === "nl"), ...data.heldOut("qa")]],
      ["code", pairs.filter(({ group }) => group === "code")],
      ["tool output", data.heldOut("tool_outputs")],
    ];
    for (const [texts, documents] of groups) {
      if (documents.length === 0) continue;
      const bounds: { floor: number; whole: number }[] = [];
      for (const { text } of documents) bounds.push(await findBounds(text));
      for (const asked of askedRates) {
        const rows: { given: number; kept: number; aim: number }[] = [];
        for (const [at, document] of documents.entries()) {
          const { given, kept } = await brevis.compress(document, asked);
          rows.push({ given, kept, aim: aimOf(Math.floor(asked * given), bounds[at]!) });
          onText();
        }
        const share = (part: "kept" | "aim") => sumOf(rows, part) / sumOf(rows, "given");
        const figures = resample(
          rows,
          (drawn) => Math.abs(sumOf(drawn, "kept") - sumOf(drawn, "aim")) / sumOf(drawn, "given"),
        );
        const measure = "distance from asked or floor";
        const common = { case: this.name, texts, contender: brevis.name, asked, kept: share("kept") };
        yield { ...common, measure, ...figures, documents: rows.length, wanted: rows.length };
      }
    }
  },
};

/** Tokens of the least that `compress()` gives, and of the text with nothing left out. */
export async function findBounds(text: string): Promise<{ floor: number; whole: number }> {
  const [least, most] = [await compress(text, { rate: 1e-9 }), await compress(text, { rate: 1 })];
  const whole = most.tokens.compressed;
  if (least.decision !== "unchanged") return { floor: least.tokens.compressed, whole };
  // The source comes back where all of it is the floor, and where there is no floor at all.
  const { segments } = await inspectText(text);
  const isAllFloor = segments.every(({ units }) => units.every(({ floor }) => floor));
  return { floor: isAllFloor ? whole : 0, whole };
}

/** What is to stay: as asked, but never less than the floor, and never more than there is. */
function aimOf(asked: number, { floor, whole }: { floor: number; whole: number }): number {
  return Math.min(whole, Math.max(asked, floor));
}

function sumOf<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], part: Key): number {
  return rows.reduce((sum, row) => sum + row[part], 0);
}
