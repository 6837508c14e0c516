import type { CompressContext } from "../context.js";
import type { ReducedSegment, ScoredSegment } from "../draft.js";
import type { SegmentKind } from "../types.js";
import { LineKind } from "./linear/sum-lines.js";
import { rankByQuery } from "./rank-by-query.js";
import { readWords } from "./read-words.js";
import { scoreLines } from "./score-lines.js";
import { scoreWords, weighWords } from "./score-words.js";
import { lowerFillers } from "./spoken-fillers.js";

/** How far an answer to the query lifts a unit's salience towards 1. */
const queryLift = 0.7;

/**
 * How much a word's cost counts against its salience: less than a line's, since names and terms take many tokens each, and it is
 * they that answer questions; nothing in scripts that tokenizers cut to pieces, common words and rare ones alike.
 */
const costExponents = { alphabets: 0.35, others: 0 } as const;

/** Characters of a segment that its script is told by. */
const scriptSample = 2000;
const alphabets = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/gu;

/** Units that answer or are left out together: a sentence of words, or one line. Indices of units, the end excluded. */
interface Passage {
  readonly segment: number;
  readonly first: number;
  readonly end: number;
}

/**
 * Gives every unit a salience: how much a reader would miss it, 0..1. With a query, what answers it comes first.
 *
 * @param chances for each segment what a model says of its units, where one spoke
 */
export function scoreUnits(
  source: string,
  segments: readonly ReducedSegment[],
  { options }: Pick<CompressContext, "options">,
  chances: readonly (Float32Array | undefined)[] = [],
): ScoredSegment[] {
  const passages: Passage[] = [];
  const rate = rateOf(segments, options.goal);
  const scored = segments.map((segment, index) => {
    const { salience, starts, scorer } = scoreSegment(source, segment, { rate, chances: chances[index] });
    for (let at = 0; at < starts.length; at++) {
      passages.push({ segment: index, first: starts[at]!, end: starts[at + 1] ?? segment.units.length });
    }
    const costs = segment.noun === "words" ? { costExponent: wordCostExponent(source, segment) } : {};
    return { ...segment, ...costs, salience, relevance: 0, scorer };
  });
  return options.query === undefined ? scored : liftAnswers(source, scored, passages, options.query);
}

/** Does ahead what `scoreUnits` needs of the linear scorer for words that it speaks of. */
export function weighUnitsAhead(
  source: string,
  segments: readonly ReducedSegment[],
  { options }: Pick<CompressContext, "options">,
): void {
  const rate = rateOf(segments, options.goal);
  for (const { noun, units } of segments) {
    if (noun === "words" && readWords(source, units).known) weighWords(source, units, rate);
  }
}

/** The share of the units' tokens that may stay. */
function rateOf(segments: readonly ReducedSegment[], goal: CompressContext["options"]["goal"]): number {
  if ("rate" in goal) return goal.rate;
  let tokens = 0;
  for (const { units } of segments) for (const unit of units) tokens += unit.tokens;
  return Math.min(1, goal.budget / Math.max(1, tokens));
}

type Scores = { salience: Float32Array; starts: number[]; scorer: "linear" | "statistical" };

/** The salience of each unit, and the units at which passages start. */
function scoreSegment(
  source: string,
  { units, noun, kind }: ReducedSegment,
  { rate, chances }: { rate: number; chances: Float32Array | undefined },
): Scores {
  if (noun !== "words") return { ...scoreLines(source, units, lineKindOf(kind)), starts: units.map((_, at) => at) };
  const { run, salience, scorer } = scoreWords(source, units, rate, chances);
  if (kind === "chat") lowerFillers(run.words, salience);
  const lines = units.flatMap((unit, at) => (isLine(source, unit) ? [at] : []));
  if (lines.length > 0) {
    const scores = scoreLines(
      source,
      lines.map((at) => units[at]!),
      LineKind.code,
    );
    scores.salience.forEach((value, at) => {
      salience[lines[at]!] = value;
    });
  }
  const starts: number[] = [];
  for (let at = 0; at < units.length; at++) if (at === 0 || run.inSentence[at] === 0) starts.push(at);
  return { salience, starts, scorer };
}

/** The power to which the cost of a segment's words counts, by the script of its beginning. */
export function wordCostExponent(source: string, { start, end }: { start: number; end: number }): number {
  const sample = source.slice(start, Math.min(end, start + scriptSample));
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  const alphabetic = sample.match(alphabets)?.length ?? 0;
  return 2 * alphabetic >= letters ? costExponents.alphabets : costExponents.others;
}

/** What the line model is told that a segment's lines are. */
export function lineKindOf(kind: SegmentKind): LineKind {
  if (kind === "code") return LineKind.code;
  return kind === "prose" || kind === "markdown" || kind === "chat" ? LineKind.prose : LineKind.structure;
}

/** Whether a unit among words is a whole line: of a code block in Markdown, say. */
function isLine(source: string, { start, end }: { start: number; end: number }): boolean {
  return end - start > 2 && /[^\s\p{M}][ \t]+\S/u.test(source.slice(start, Math.min(end, start + 200)));
}

function liftAnswers(
  source: string,
  segments: readonly ScoredSegment[],
  passages: readonly Passage[],
  query: string,
): ScoredSegment[] {
  const texts = passages.map(({ segment, first, end }) => {
    const { units } = segments[segment]!;
    return source.slice(units[first]!.start, units[end - 1]!.end);
  });
  const answers = rankByQuery(texts, query);
  const relevance = new Float32Array(segments.length);
  passages.forEach(({ segment, first, end }, at) => {
    const answer = answers[at]!;
    relevance[segment] = Math.max(relevance[segment]!, answer);
    const { salience } = segments[segment]!;
    for (let unit = first; unit < end; unit++) salience[unit]! += (1 - salience[unit]!) * queryLift * answer;
  });
  return segments.map((segment, index) => ({ ...segment, relevance: relevance[index]! }));
}
