import { createContext } from "../../../compress/context.js";
import { normalizeOptions } from "../../../compress/options/normalize-options.js";
import { scoreByCounts, scoreLines } from "../../../compress/score/score-lines.js";
import { areaUnderCurve, type Judged } from "../measures/area-under-curve.js";
import { speaksOfErrors } from "../measures/evidence.js";
import { linesOf } from "../measures/lines-of-answer.js";
import { resample } from "../measures/statistics.js";
import type { QualityCase } from "../quality-case.js";

type Line = { readonly start: number; readonly end: number; readonly floor: boolean };
type Ranking = (source: string, lines: readonly Line[]) => ArrayLike<number>;

/**
 * `as compress() ranks`: what the rules call evidence stays whatever the score, so it ranks above the rest; the model is told of it.
 * The others see no rule: neither of a line nor of its neighbours.
 */
const rankings: Readonly<Record<string, Ranking>> = {
  "as compress() ranks": (source, lines) => {
    const { salience } = scoreLines(source, lines);
    return lines.map(({ floor }, at) => salience[at]! + (floor ? 1 : 0));
  },
  "linear scorer alone": (source, lines) => scoreLines(source, withoutRules(lines)).salience,
  "statistical scorer alone": (source, lines) => scoreByCounts(source, withoutRules(lines)),
};

/** Whether lines of errors score above the others. */
export const lineRanking: QualityCase = {
  name: "line-ranking",
  title: "Lines of errors and failures ranked above the others (held-out tool output)",
  reads: ["tool_outputs.jsonl"],
  async *run({ data, onText }) {
    const { rules } = await createContext(normalizeOptions({}));
    const documents = data.heldOut("tool_outputs");
    for (const [contender, rank] of Object.entries(rankings)) {
      const judged = documents.map(({ text }) => {
        const lines = linesOf(text).map((line) => ({
          ...line,
          floor: rules.isEvidence(text.slice(line.start, line.end)),
        }));
        const scores = rank(text, lines);
        onText();
        return lines.map(
          ({ start, end }, at): Judged => ({ score: scores[at]!, wanted: speaksOfErrors(text.slice(start, end)) }),
        );
      });
      const figures = resample(judged, (drawn) => areaUnderCurve(drawn.flat()));
      const wanted = judged.flat().filter((line) => line.wanted).length;
      const names = { case: this.name, texts: "tool output", contender, measure: "area under the curve" };
      if (documents.length > 0) yield { ...names, ...figures, documents: documents.length, wanted };
    }
  },
};

function withoutRules(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({ ...line, floor: false }));
}
