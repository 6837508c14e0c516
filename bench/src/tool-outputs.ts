/**
 * Tool outputs (tool_outputs.jsonl): tokens, evidence lines kept and latency, at several rates, without loss, and beside
 * tokenjuice on the same bytes in the same run.
 */
import { pathToFileURL } from "node:url";
import { type CompressOptions, compress } from "brevis";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { countKept, evidenceLines } from "../../dist/bench/quality/measures/evidence.js";
import { readRecords, type ToolOutput } from "./records.js";
import { reportTable } from "./report.js";
import { milliseconds, percent, quantileOf } from "./statistics.js";

/** Gives the text that a model would read in place of the output. */
type Contender = (output: ToolOutput) => Promise<{ text: string; expanded: string; floor: boolean }>;

const brevis =
  (options: CompressOptions): Contender =>
  async ({ text }) => {
    const result = await compress(text, options);
    if (result.decision === "failed-open") throw new Error(`failed open: ${result.warnings[0]?.message}`);
    const expanded = Object.entries(result.legend).reduceRight(
      (all, [alias, meaning]) => all.replaceAll(alias, meaning),
      result.text,
    );
    return { text: result.text, expanded, floor: result.warnings.some(({ code }) => code === "budget-unreachable") };
  };

async function tokenjuice(): Promise<Contender | undefined> {
  const installed = new URL("../../bench/peers/node_modules/tokenjuice/dist/index.js", import.meta.url);
  try {
    const { reduceExecution } = await import(pathToFileURL(installed.pathname).href);
    return async ({ text, command, exit_code }) => {
      const input = { toolName: "bash", command, argv: command.split(" "), combinedText: text, exitCode: exit_code };
      const { inlineText } = await reduceExecution(input);
      return { text: inlineText, expanded: inlineText, floor: false };
    };
  } catch {
    console.error("tokenjuice is not installed: run `npm install` in bench/peers to measure against it.");
    return undefined;
  }
}

async function measure(name: string, contend: Contender, outputs: readonly ToolOutput[]) {
  for (const output of outputs.slice(0, 60)) await contend(output);
  const total = { given: 0, kept: 0, evidence: 0, evidenceKept: 0, larger: 0, floors: 0 };
  const latencies: number[] = [];
  for (const output of outputs) {
    const startedAt = performance.now();
    const { text, expanded, floor } = await contend(output);
    latencies.push(performance.now() - startedAt);
    const given = countTokens(output.text, { disallowedSpecial: new Set() });
    const kept = countTokens(text, { disallowedSpecial: new Set() });
    const evidence = evidenceLines(output.text);
    total.given += given;
    total.kept += kept;
    total.larger += kept > given ? 1 : 0;
    total.floors += floor ? 1 : 0;
    total.evidence += evidence.length;
    total.evidenceKept += countKept(evidence, expanded);
  }
  return {
    compressor: name,
    "tokens kept": percent(total.kept / total.given),
    "tokens cut": percent(1 - total.kept / total.given),
    "evidence lines kept": `${percent(total.evidenceKept / total.evidence, 2)} of ${total.evidence}`,
    "larger than source": total.larger,
    "at their floor": total.floors,
    p50: milliseconds(quantileOf(latencies, 0.5)),
    p95: milliseconds(quantileOf(latencies, 0.95)),
  };
}

const outputs = readRecords<ToolOutput>("tool_outputs.jsonl");
const contenders: [string, Contender | undefined][] = [
  ["tokenjuice", await tokenjuice()],
  ["brevis --rate 0.32", brevis({ rate: 0.32 })],
  ["brevis --rate 0.33", brevis({ rate: 0.33 })],
  ["brevis --rate 0.5", brevis({ rate: 0.5 })],
  ["brevis --mode lossless", brevis({ mode: "lossless" })],
  ["brevis --mode lossless --dictionary all", brevis({ mode: "lossless", dictionary: "all" })],
];
const rows = [];
for (const [name, contend] of contenders) if (contend) rows.push(await measure(name, contend, outputs));
reportTable("tool-outputs", `${outputs.length} outputs of real tools`, rows);
