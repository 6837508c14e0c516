// Measures the content classifier on the labelled set of tests/fixtures/classify: confusion matrix, accuracies, speed.
//
//     npm run build && node bench/classification.js [--failures]
//
// --failures lists what went wrong in the part that may be tuned on; of the held-out part only figures are printed.
import { performance } from "node:perf_hooks";
import { classifyContent } from "../dist/compress/classify/classify-content.js";
import { readMixed, readSnippets } from "../tests/fixtures/classify/read-snippets.js";
import { measureLines, measureSnippet } from "../tests/fixtures/classify/measure-classification.js";

const showFailures = process.argv.includes("--failures");
const classify = (text) => classifyContent(text, { options: {} });

const snippets = readSnippets().map((snippet) => ({ ...snippet, ...measureSnippet(snippet, classify) }));
const mixed = readMixed().map((document) => ({ ...document, ...measureLines(document, classify) }));

printConfusion(snippets);
for (const [name, part] of splitParts(snippets)) {
  const right = part.filter(({ isRight }) => isRight).length;
  const whole = part.filter(({ segments }) => segments === 1).length;
  const code = part.filter(({ language }) => language !== undefined);
  const named = code.filter(({ language, foundLanguage }) => language === foundLanguage).length;
  console.log(
    `${name.padEnd(9)} ${percent(right, part.length)} right, ${percent(whole, part.length)} in one segment, ` +
      `languages ${percent(named, code.length)}`,
  );
}
for (const [name, part] of splitParts(mixed)) {
  const lines = part.reduce((sum, document) => sum + document.lines, 0);
  const right = part.reduce((sum, document) => sum + document.rightLines, 0);
  const exact = part.filter(({ isRight }) => isRight).length;
  console.log(`mixed ${name.padEnd(9)} ${percent(right, lines)} of lines right, ${percent(exact, part.length)} of documents split as labelled`);
}
if (showFailures) printFailures();
printSpeed();

function splitParts(records) {
  return [
    ["all", records],
    ["tuned on", records.filter(({ heldOut }) => !heldOut)],
    ["held out", records.filter(({ heldOut }) => heldOut)],
  ];
}

function percent(part, whole) {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} % (${part}/${whole})`;
}

function printConfusion(records) {
  const kinds = [...new Set(records.flatMap(({ kind, found }) => [kind, found]))].sort();
  console.log(`${"label \\ found".padEnd(14)}${kinds.map((kind) => kind.slice(0, 6).padStart(7)).join("")}`);
  for (const label of kinds) {
    const row = kinds.map((found) => records.filter((record) => record.kind === label && record.found === found).length);
    console.log(label.padEnd(14) + row.map((count) => String(count || ".").padStart(7)).join(""));
  }
}

function printFailures() {
  for (const record of snippets) {
    if (record.heldOut) continue;
    const wrongLanguage = record.language !== undefined && record.language !== record.foundLanguage;
    if (record.isRight && !wrongLanguage && record.segments === 1) continue;
    const language = wrongLanguage ? ` [${record.language} as ${record.foundLanguage}]` : "";
    console.log(`${record.isRight ? "     " : "WRONG"} ${record.id} ${record.kind}: ${record.shape}${language} | ${record.origin.slice(0, 90)}`);
  }
  for (const document of mixed) {
    if (document.heldOut || document.isRight) continue;
    console.log(`MIXED ${document.id} expected ${document.expectedShape} but found ${document.shape}`);
  }
}

function printSpeed() {
  const logs = snippets.filter(({ kind }) => kind === "log").map(({ text }) => text);
  for (const size of [4_096, 1_048_576]) {
    let text = "";
    for (let index = 0; text.length < size; index++) text += `${logs[index % logs.length]}\n`;
    text = text.slice(0, size);
    const runs = size > 100_000 ? 7 : 200;
    const times = Array.from({ length: runs }, () => {
      const since = performance.now();
      classify(text);
      return performance.now() - since;
    }).sort((a, b) => a - b);
    console.log(`${size} characters of log: median ${times[runs >> 1].toFixed(2)} ms, slowest ${times.at(-1).toFixed(2)} ms`);
  }
}
