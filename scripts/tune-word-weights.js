/**
 * Fits the weights of the word scorer and reports how it does on texts that it was not fitted on:
 *
 *     npm run build && node scripts/tune-word-weights.js PAIRS.jsonl QA.jsonl [--write]
 *
 * - PAIRS.jsonl: `{ domain: "nl" | "code", verbose, compressed }` a line: which words did a writer keep
 * - QA.jsonl: `{ context, answers: [{ text, start }] }` a line: which words answer questions; `start` in code points
 *
 * Even-numbered texts fit, odd-numbered ones report. With --write the weights go to src/compress/score/word-weights.ts;
 * without it the weights that are there report too, with what the scorer adds to them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readWords } from "../dist/compress/score/read-words.js";
import { scoreWords } from "../dist/compress/score/score-words.js";
import { createFeatureReader, featureCount, mostFeatures } from "../dist/compress/score/word-features.js";
import { createTextRules } from "../dist/compress/text/create-text-rules.js";
import { functionWords } from "../dist/compress/text/function-words.js";
import { stem } from "../dist/compress/text/query-terms.js";
import { loadTokenCounter } from "../dist/engine/tokens/load-token-counter.js";

const [pairsPath, qaPath, write] = process.argv.slice(2);
const epochs = 8;
/** Few words answer a question: each counts as this many. More keeps more answers and less of what writers keep. */
const answerWeight = 6;
const rules = createTextRules({ mustKeep: [], query: undefined });
const counter = await loadTokenCounter();
const unitPattern = /\d+(?:[.,:]\d+)+|[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}\p{N}_]+)*/gu;
const wordsOf = (text) => Array.from(text.matchAll(unitPattern), ([word]) => word.toLowerCase());

const pairs = readPairs(readLines(pairsPath));
const questions = readQuestions(readLines(qaPath));
const weights = fitWeights([...pairs.filter(({ fits }) => fits), ...questions.filter(({ fits }) => fits)]);
report("information", (document) => document.run.bits);
report("weights", (document) => saliences(document, weights));
if (write !== "--write") report("shipped", ({ text, units }) => scoreWords(text, units).salience);
if (write === "--write") {
  const rounded = Array.from(weights, (weight) => Math.round(100 * weight));
  const lines = rounded
    .join(" ")
    .match(/.{1,110}(?: |$)/g)
    .map((line) => line.trim());
  const source = `/**
 * How much each feature of a word speaks for keeping it: log-odds in hundredths, in the order of word-features.ts.
 * Fitted by scripts/tune-word-weights.js.
 */
export const weights = \`${lines.join("\n")}\`;
`;
  writeFileSync("src/compress/score/word-weights.ts", source);
}

function readLines(path) {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function openDocument(text, index) {
  const starts = Array.from(text.matchAll(unitPattern), ({ index: start }) => start);
  const units = starts.map((start, at) => ({ start: at === 0 ? 0 : start, end: starts[at + 1] ?? text.length }));
  const run = readWords(text, units);
  const must = rules.findMustKeep(text);
  const floor = units.map((unit) => must.some(({ start, end }) => start < unit.end && end > unit.start));
  const cost = units.map(({ start, end }) => counter.count(text.slice(start, end)));
  const readFeatures = createFeatureReader(run);
  const features = units.map((_, at) => {
    const seen = new Int32Array(mostFeatures);
    return seen.slice(0, readFeatures(at, seen));
  });
  return { text, units, run, floor, cost, features, fits: index % 2 === 0 };
}

function readPairs(records) {
  return records.map(({ verbose, compressed, domain }, index) => {
    const document = openDocument(verbose, index);
    const reference = new Map();
    for (const word of wordsOf(compressed)) {
      if (word.length > 1 && !functionWords.has(word)) reference.set(word, (reference.get(word) ?? 0) + 1);
    }
    return { ...document, domain, reference, labels: alignLabels(document.run.words, wordsOf(compressed)), weight: 1 };
  });
}

/** Marks the source words that a compressed text kept: each of its words takes the nearest unused match from where it stands. */
function alignLabels(sourceWords, keptWords) {
  const labels = new Uint8Array(sourceWords.length);
  const places = new Map();
  sourceWords.forEach((word, at) => {
    const key = stem(word);
    if (!places.has(key)) places.set(key, []);
    places.get(key).push(at);
  });
  let last = -1;
  for (const word of keptWords) {
    const free = (places.get(stem(word)) ?? []).filter((at) => labels[at] === 0);
    if (free.length === 0) continue;
    const nearest = free.find((at) => at > last) ?? free[0];
    if (functionWords.has(word) && (nearest < last || nearest > last + 12)) continue;
    labels[nearest] = 1;
    last = nearest;
  }
  return labels;
}

function readQuestions(records) {
  const contexts = new Map();
  for (const { context, answers } of records) {
    if (!contexts.has(context)) contexts.set(context, { ...openDocument(context, contexts.size), answers: [] });
    const document = contexts.get(context);
    const places = answers.map(({ text, start }) => {
      const from = [...context].slice(0, start).join("").length;
      return document.units.flatMap((unit, at) => (unit.start < from + text.length && unit.end > from ? [at] : []));
    });
    if (places.length > 0) document.answers.push(places);
  }
  return [...contexts.values()]
    .filter(({ answers }) => answers.length > 0)
    .map((document) => {
      const labels = new Uint8Array(document.units.length);
      for (const place of document.answers.flat(2)) labels[place] = 1;
      return { ...document, labels, weight: 1, positive: answerWeight };
    });
}

/** Logistic regression on sparse binary features, by AdaGrad with a little L2. Deterministic. */
function fitWeights(documents) {
  const fitted = new Float64Array(featureCount);
  const squares = new Float64Array(featureCount).fill(1);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let step = 0; step < documents.length; step++) {
      const { features, labels, weight, positive = 1 } = documents[(step * 7919 + epoch * 104729) % documents.length];
      features.forEach((seen, at) => {
        const guess = probability(fitted, seen);
        const gradient = (guess - labels[at]) * weight * (labels[at] ? positive : 1);
        for (const feature of seen) {
          const slope = gradient + 1e-5 * fitted[feature];
          squares[feature] += slope * slope;
          fitted[feature] -= (0.3 * slope) / Math.sqrt(squares[feature]);
        }
      });
    }
  }
  return fitted;
}

function probability(fitted, features) {
  let sum = 0;
  for (const feature of features) sum += fitted[feature];
  return 1 / (1 + Math.exp(-sum));
}

function saliences({ features }, fitted) {
  return features.map((seen) => probability(fitted, seen));
}

function report(name, score) {
  for (const withFloor of [false, true]) {
    const figures = [];
    for (const rate of [0.3, 0.5, 0.7]) {
      for (const domain of ["nl", "code"]) figures.push(`${domain}@${rate} ${recall(domain, rate, score, withFloor)}`);
      figures.push(`answers@${rate} ${answersKept(rate, score, withFloor)}`);
    }
    console.log(`${name}${withFloor ? " + must-keep" : ""}: ${figures.join("  ")}`);
  }
}

function choose(document, rate, scores, withFloor) {
  const { cost, floor } = document;
  const kept = new Uint8Array(cost.length);
  let left = rate * cost.reduce((sum, tokens) => sum + tokens, 0);
  const value = (at) => (withFloor && floor[at] ? 1e9 : 0) + scores[at] / Math.sqrt(Math.max(1, cost[at]));
  const order = Array.from(cost, (_, at) => at).sort((a, b) => value(b) - value(a) || a - b);
  for (const at of order) {
    if (cost[at] > left) continue;
    kept[at] = 1;
    left -= cost[at];
  }
  return kept;
}

/** The share of the content words of the reference that are among the kept words. */
function recall(domain, rate, score, withFloor) {
  let found = 0;
  let wanted = 0;
  for (const document of pairs) {
    if (document.fits || document.domain !== domain) continue;
    const kept = choose(document, rate, score(document), withFloor);
    const counts = new Map();
    document.run.words.forEach((word, at) => {
      if (kept[at]) counts.set(word, (counts.get(word) ?? 0) + 1);
    });
    for (const [word, count] of document.reference) {
      found += Math.min(count, counts.get(word) ?? 0);
      wanted += count;
    }
  }
  return (found / wanted).toFixed(3);
}

/** The share of questions one of whose answers is kept whole. */
function answersKept(rate, score, withFloor) {
  let whole = 0;
  let asked = 0;
  for (const document of questions) {
    if (document.fits) continue;
    const kept = choose(document, rate, score(document), withFloor);
    for (const places of document.answers) {
      asked++;
      if (places.some((place) => place.every((at) => kept[at]))) whole++;
    }
  }
  return (whole / asked).toFixed(3);
}
