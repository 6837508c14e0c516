/**
 * What compress() keeps, on the held-out texts of scripts/keep/build_dataset.py (KEEP names its folder, build/keep otherwise): words
 * that writers kept, whole answers, the lines that later questions need, and of dense texts the must-keep words. Guard on, no query.
 */
import { existsSync } from "node:fs";
import { type CompressOptions, type CompressResult, compress } from "brevis";
import { readJsonLines } from "./records.js";
import { reportTable } from "./report.js";
import { percent, resampledShare } from "./statistics.js";
import { contentWords, findMustKeepWords, readWordPlaces } from "./word-places.js";

/** A record of dev.jsonl; offsets are code points. */
interface KeepRecord {
  readonly source: string;
  readonly kind: string;
  readonly domain?: string;
  readonly content?: string;
  readonly text: string;
  readonly words: readonly (readonly [number, number])[];
  readonly compressed?: string;
  readonly questions?: readonly { readonly places: readonly (readonly number[])[] }[];
  readonly lines?: readonly (readonly [number, number, number, number])[];
}

/** Of one record: how many of what was wanted stayed. */
type Part = readonly [found: number, wanted: number];
type Measure = (record: KeepRecord, result: CompressResult) => Part;

const rates = [0.3, 0.5, 0.7];

/** Content words of the writer's text that the compressed text has. */
const writersWords: Measure = ({ compressed = "" }, { text, legend }) => {
  const kept = countWords(contentWords(expand(text, legend)));
  let found = 0;
  let wanted = 0;
  for (const [word, count] of countWords(contentWords(compressed))) {
    found += Math.min(count, kept.get(word) ?? 0);
    wanted += count;
  }
  return [found, wanted];
};

/** Questions one of whose answers has all its content words left in place. */
const wholeAnswers: Measure = ({ text, words, questions = [] }, result) => {
  const places = readWordPlaces(text, words);
  const kept = places.map(({ start, end }) => staysWhole(result, start, end));
  const contents = places.map(({ word }) => contentWords(word).length > 0);
  const whole = questions.filter(({ places: answers }) =>
    answers.some((place) => {
      const content = place.filter((at) => contents[at]);
      return (content.length > 0 ? content : place).every((at) => kept[at]);
    }),
  );
  return [whole.length, questions.length];
};

/** Lines that a later question needs: of each the share of its content words that stay, all of them for code. */
const neededLines: Measure = ({ text, lines = [], kind }, result) => {
  const points = Array.from(text);
  let found = 0;
  let wanted = 0;
  for (const [start, end, label] of lines) {
    if (label < 1) continue;
    const from = points.slice(0, start).join("").length;
    const line = points.slice(start, end).join("");
    const words = Array.from(line.matchAll(/[\p{L}\p{N}_]+/gu)).filter(([word]) => contentWords(word).length > 0);
    const kept = words.filter(({ index, 0: word }) =>
      staysWhole(result, from + index, from + index + word.length),
    ).length;
    wanted++;
    found += kind === "code" ? Number(kept === words.length) : kept / Math.max(1, words.length);
  }
  return [found, wanted];
};

/** Must-keep words by the benchmark's own reading, in what is left of a dense text: none may be cut or altered. */
const mustKeepWords: Measure = ({ text }, result) => {
  const wanted = findMustKeepWords(text).filter(({ start, end }) => !isGone(result, start, end));
  const output = expand(result.text, result.legend);
  return [wanted.filter(({ word }) => output.includes(word)).length, wanted.length];
};

const cases: readonly { name: string; of: (record: KeepRecord) => boolean; measure: Measure }[] = [
  {
    name: "writers' words, prose",
    of: ({ domain, source }) => source === "pairs" && domain === "nl",
    measure: writersWords,
  },
  {
    name: "writers' words, code",
    of: ({ domain, source }) => source === "pairs" && domain === "code",
    measure: writersWords,
  },
  { name: "whole answers", of: ({ source }) => source === "qa", measure: wholeAnswers },
  { name: "needed turns of meetings", of: ({ source }) => source === "meetings", measure: neededLines },
  { name: "signatures of problems", of: ({ source }) => source === "code_problems", measure: neededLines },
  {
    name: "dense texts: must-keep words of what stays",
    of: ({ source }) => source === "dense",
    measure: mustKeepWords,
  },
];

function staysWhole({ segments }: CompressResult, start: number, end: number): boolean {
  return !segments.some(({ omitted }) => omitted.some((span) => span.start < end && span.end > start));
}

function isGone({ segments }: CompressResult, start: number, end: number): boolean {
  return segments.some(({ omitted }) => omitted.some((span) => span.start <= start && span.end >= end));
}

function expand(text: string, legend: Readonly<Record<string, string>>): string {
  return Object.entries(legend).reduceRight((all, [alias, meaning]) => all.replaceAll(alias, meaning), text);
}

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

async function measureCase(records: readonly KeepRecord[], measure: Measure, options: CompressOptions) {
  const parts: Part[] = [];
  const scorers = new Set<string>();
  let given = 0;
  let kept = 0;
  let floors = 0;
  for (const record of records) {
    const result = await compress(record.text, options);
    if (result.decision === "failed-open") throw new Error(`failed open: ${result.warnings[0]?.message}`);
    given += result.tokens.original;
    kept += result.tokens.compressed;
    floors += result.warnings.some(({ code }) => code === "budget-unreachable") ? 1 : 0;
    scorers.add(result.scorer);
    parts.push(measure(record, result));
  }
  scorers.delete("none");
  const { share, low, high } = resampledShare(parts);
  return {
    texts: records.length,
    "tokens kept": percent(kept / given),
    "at their floor": floors,
    kept: percent(share),
    "95 % interval": `${percent(low)} to ${percent(high)}`,
    scorer: [...scorers].join(", "),
  };
}

const path = `${process.env.KEEP ?? "build/keep"}/dev.jsonl`;
if (existsSync(path)) {
  const records = readJsonLines<KeepRecord>(path);
  const rows = [];
  for (const { name, of, measure } of cases) {
    const chosen = records.filter(of);
    for (const rate of rates) rows.push({ case: name, rate, ...(await measureCase(chosen, measure, { rate })) });
  }
  reportTable("keep", "What stays of held-out texts, guard on, no query", rows);
} else {
  console.log(`skipped: keep, because ${path} is not there. Run: python scripts/keep/build_dataset.py --data DATA`);
}
