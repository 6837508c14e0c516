// What compress() keeps of held-out prose and questions, end to end (after `npm run build`):
//   node scripts/keep/measure-compress.js '{"engine":"none"}' '{"model":"keep"}'
// One line for each set of options: mean rate, share of the writers' content words, questions that keep the content words of an answer.
// Answers are counted by words of the result, wherever they stand. --in another split, --kinds nl,code.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compress } from "../../dist/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    in: { type: "string", default: "build/keep/dev.jsonl" },
    kinds: { type: "string", default: "nl" },
    rates: { type: "string", default: "0.5" },
  },
});
const functionWords = readFunctionWords();
const kinds = new Set(values.kinds.split(","));
const records = readFileSync(values.in, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const chosen = records.filter(({ source, kind }) => source === "qa" || (source === "pairs" && kinds.has(kind)));

for (const text of positionals) {
  for (const rate of values.rates.split(",").map(Number)) {
    console.log(text, await measure({ rate, dictionary: "off", ...JSON.parse(text) }));
  }
}

async function measure(options) {
  const sums = { found: 0, wanted: 0, kept: 0, asked: 0, rate: 0 };
  for (const record of chosen) {
    const result = await compress(record.text, options);
    const words = countWords(result.text);
    sums.rate += result.rate;
    if (record.source === "qa") addAnswers(sums, record, words);
    else addFound(sums, record, words);
  }
  const share = (part, all) => (part / all).toFixed(3);
  const rate = share(sums.rate, chosen.length);
  return `rate ${rate} kept words ${share(sums.found, sums.wanted)} answers ${share(sums.kept, sums.asked)}`;
}

function addFound(sums, { compressed }, words) {
  for (const [word, count] of countWords(compressed)) {
    if (functionWords.has(word) || word.length < 2) continue;
    sums.wanted += count;
    sums.found += Math.min(count, words.get(word) ?? 0);
  }
}

function addAnswers(sums, { text, words: spans, questions }, words) {
  const points = [...text];
  for (const { places } of questions) {
    sums.asked++;
    const stays = places.some((place) => {
      const answer = place.map((at) =>
        points
          .slice(...spans[at])
          .join("")
          .toLowerCase(),
      );
      const content = answer.filter((word) => !functionWords.has(word));
      return (content.length > 0 ? content : answer).every((word) =>
        [...countWords(word).keys()].every((part) => words.has(part)),
      );
    });
    if (stays) sums.kept++;
  }
}

function countWords(text) {
  const counts = new Map();
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}_]+)*/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** The list that evaluate.py has. */
function readFunctionWords() {
  const source = readFileSync(new URL("labels/split_words.py", import.meta.url), "utf8");
  const list = /FUNCTION_WORDS = frozenset\(\s*"""([\s\S]*?)"""/.exec(source);
  if (list === null) throw new Error("Expected FUNCTION_WORDS in labels/split_words.py but found none.");
  return new Set(list[1].split(/\s+/).filter(Boolean));
}
