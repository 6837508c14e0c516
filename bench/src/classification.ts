/**
 * Measures the content classifier on the labelled set of tests/fixtures/classify: confusion matrix, accuracies, speed.
 *
 *     npm run typecheck && node build/bench/classification.js [--failures]
 *
 * `--failures` lists what went wrong in the part that may be tuned on; of the held-out part only figures are printed.
 */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { measureDocument, measureSnippet } from "./measure-classification.js";
import { readMixed, readSnippets } from "./read-snippets.js";
import { milliseconds, percent, quantileOf } from "./statistics.js";

const { classifyContent } = (await import(
  pathToFileURL(join("dist", "compress", "classify", "classify-content.js")).href
)) as typeof import("../../dist/compress/classify/classify-content.js");
const classify = (text: string) => classifyContent(text, { options: { kind: undefined } });

const snippets = readSnippets().map((snippet) => ({ ...snippet, ...measureSnippet(snippet, classify) }));
const mixed = readMixed().map((document) => ({ ...document, ...measureDocument(document, classify) }));

printConfusion();
printAccuracies();
if (process.argv.includes("--failures")) printFailures();
printSpeed();

/** All records and the two parts, those that there are. */
function splitParts<T extends { heldOut: boolean }>(records: readonly T[]): [string, readonly T[]][] {
  const parts: [string, readonly T[]][] = [
    ["all", records],
    ["tuned on", records.filter(({ heldOut }) => !heldOut)],
    ["held out", records.filter(({ heldOut }) => heldOut)],
  ];
  return parts.filter(([, part]) => part.length > 0);
}

function shareOf(part: number, whole: number): string {
  return `${percent(part / Math.max(1, whole))} (${part}/${whole})`;
}

function printConfusion(): void {
  const kinds = [...new Set(snippets.flatMap(({ kind, found }) => [kind, found]))].sort();
  console.log(`${"label \\ found".padEnd(14)}${kinds.map((kind) => kind.slice(0, 6).padStart(7)).join("")}`);
  for (const label of kinds) {
    const row = kinds.map((found) => snippets.filter((s) => s.kind === label && s.found === found).length);
    console.log(label.padEnd(14) + row.map((count) => String(count || ".").padStart(7)).join(""));
  }
}

function printAccuracies(): void {
  for (const [name, part] of splitParts(snippets)) {
    const right = part.filter(({ isRight }) => isRight).length;
    const whole = part.filter(({ segments }) => segments === 1).length;
    const code = part.filter(({ language }) => language !== undefined);
    const named = code.filter(({ language, foundLanguage }) => language === foundLanguage).length;
    const figures = `${shareOf(right, part.length)} right, ${shareOf(whole, part.length)} in one segment`;
    console.log(`${name.padEnd(9)} ${figures}, languages ${shareOf(named, code.length)}`);
  }
  for (const [name, part] of splitParts(mixed)) {
    const lines = part.reduce((sum, document) => sum + document.lines, 0);
    const right = part.reduce((sum, document) => sum + document.rightLines, 0);
    const exact = part.filter(({ isRight }) => isRight).length;
    console.log(`mixed, ${name.padEnd(9)} lines ${shareOf(right, lines)}, documents ${shareOf(exact, part.length)}`);
  }
}

function printFailures(): void {
  for (const { id, kind, language, foundLanguage, heldOut, isRight, segments, shape, origin } of snippets) {
    if (heldOut || (isRight && language === foundLanguage && segments === 1)) continue;
    const named = language === foundLanguage ? "" : ` [${language} as ${foundLanguage}]`;
    console.log(`${isRight ? "     " : "WRONG"} ${id} ${kind}: ${shape}${named} | ${origin.slice(0, 90)}`);
  }
  for (const { id, heldOut, isRight, expectedShape, shape } of mixed) {
    if (!heldOut && !isRight) console.log(`MIXED ${id} expected ${expectedShape} but found ${shape}`);
  }
}

function printSpeed(): void {
  const logs = snippets.filter(({ kind }) => kind === "log").map(({ text }) => `${text}\n`);
  for (const size of [4_096, 1_048_576]) {
    const text = logs
      .join("")
      .repeat(Math.ceil(size / logs.join("").length))
      .slice(0, size);
    const times = Array.from({ length: size > 100_000 ? 7 : 200 }, () => {
      const since = performance.now();
      classify(text);
      return performance.now() - since;
    });
    const [median, slowest] = [quantileOf(times, 0.5), Math.max(...times)].map(milliseconds);
    console.log(`${size} characters of log: median ${median}, slowest ${slowest}`);
  }
}
