import { openLinearModel } from "./linear/open-model.js";
import { scoreLinesByWeights } from "./linear/score-by-weights.js";
import { LineKind } from "./linear/sum-lines.js";

const termPattern = /[\p{L}_][\p{L}\p{M}\p{N}_]*/gu;
const longestUnit = 4096;

/** Words that speak of trouble short of an error. */
const troubleWords =
  /warn|deprecat|retr(?:y|ied)|time-?out|abort|kill|crash|refus|reject|invalid|missing|unexpected|conflict|unable|not found|unknown|critical|severe|alert|rollback|unhealthy|degraded|skipp|blocked|overflow|leak|todo|fixme|unreachable|lost|corrupt|expired|unauthorized|forbidden/iu;

/**
 * How much a reader would miss each line, record or frame, 0..1, by the weights of the linear model; without their file by counts.
 *
 * @param kind what the lines are of: the model knows code, other structure, and prose
 */
export function scoreLines(
  source: string,
  units: readonly { start: number; end: number; floor: boolean }[],
  kind: LineKind = LineKind.structure,
): { salience: Float32Array; scorer: "linear" | "statistical" } {
  const model = openLinearModel();
  if (model === null) return { salience: scoreByCounts(source, units), scorer: "statistical" };
  return { salience: scoreLinesByWeights(source, units, kind, model), scorer: "linear" };
}

/**
 * How rare a line's words are in the segment, whether they speak of trouble, and whether it stands first, last or beside evidence.
 * Long and short units compare by the mean of their words. Linear in the text's length; of very long units the beginning is read.
 */
export function scoreByCounts(
  source: string,
  units: readonly { start: number; end: number; floor: boolean }[],
): Float32Array {
  const termsOfUnit = units.map(({ start, end }) =>
    distinctTerms(source.slice(start, Math.min(end, start + longestUnit))),
  );
  const frequency = new Map<string, number>();
  for (const terms of termsOfUnit) for (const term of terms) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const most = Math.log(units.length + 1);
  return Float32Array.from(units, ({ start, end }, at) => {
    const terms = termsOfUnit[at]!;
    if (terms.size === 0) return 0.02;
    let rarity = 0;
    for (const term of terms) rarity += Math.log((units.length + 1) / frequency.get(term)!);
    const mean = rarity / (terms.size * most);
    const trouble = troubleWords.test(source.slice(start, Math.min(end, start + longestUnit))) ? 0.25 : 0;
    const edge = at === 0 || at === units.length - 1 ? 0.1 : 0;
    const besideEvidence = units[at - 1]?.floor || units[at + 1]?.floor ? 0.1 : 0;
    return Math.min(1, 0.1 + 0.45 * mean + trouble + edge + besideEvidence);
  });
}

/** The words of a unit, each once; numbers are left out, since every line has its own. */
function distinctTerms(text: string): Set<string> {
  const terms = new Set<string>();
  for (const [term] of text.matchAll(termPattern)) terms.add(term.slice(0, 64));
  return terms;
}
