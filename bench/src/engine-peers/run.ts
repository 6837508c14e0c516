/**
 * brevis's engine against onnxruntime and llama.cpp, on the same weights and the same machine, in turns; and its time to load and its
 * memory against their limits.
 *
 *   npm run bench:peers -- [--cases keep,decode-q8] [--rounds N] [--json OUT]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { readCircumstances } from "../report.js";
import { benchCases } from "./bench-cases.js";
import { type LimitResult, limitCases, measureLimit } from "./measure-footprint.js";
import { type CaseResult, runCase } from "./run-case.js";

const processesForLimits = 5;

const { values } = parseArgs({
  options: { cases: { type: "string" }, rounds: { type: "string" }, json: { type: "string" } },
});
const names = [...benchCases.map(({ name }) => name), ...limitCases];
const asked = values.cases?.split(",") ?? names;
/** `keep` stands for `keep-512` and `keep-1024`. */
const means = (asked: string, name: string) => name === asked || name.startsWith(`${asked}-`);
const wanted = names.filter((name) => asked.some((each) => means(each, name)));
const unknown = asked.filter((each) => !names.some((name) => means(each, name)));
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (unknown.length > 0 || !(rounds === undefined || (Number.isInteger(rounds) && rounds > 0))) {
  console.error(
    `Expected --cases of ${names.join(", ")}, and a whole number of --rounds, but got ${process.argv.slice(2).join(" ")}.`,
  );
  process.exit(2);
}

const results: CaseResult[] = [];
for (const benchCase of benchCases.filter(({ name }) => wanted.includes(name))) {
  console.error(`running ${benchCase.name}`);
  results.push(await runCase(benchCase, rounds));
}
const limits: LimitResult[] = [];
for (const name of limitCases.filter((each) => wanted.includes(each))) {
  console.error(`running ${name}`);
  limits.push(measureLimit(name, processesForLimits));
}
printTable(results, limits);
if (values.json !== undefined) {
  const circumstances = readCircumstances();
  const rows = [...results.map(describeCase), ...limits.map(describeLimit)].map((row) => ({ ...row, circumstances }));
  writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** One line of the JSON: what scripts read first, then how it came about. */
function describeCase({ name, ours, theirs, ...rest }: CaseResult) {
  return {
    case: name,
    ours: ours.median,
    peer: theirs.label,
    theirs: theirs.median,
    ...rest,
    best: { ours: ours.best, theirs: theirs.best },
    engines: { ours: `${ours.label} (${ours.description})`, theirs: theirs.description },
  };
}

function describeLimit({ name, unit, ours, best, limit, details }: LimitResult) {
  const ratio = ours / limit;
  return {
    case: name,
    ours,
    peer: "limit",
    theirs: limit,
    unit,
    ratio,
    target: 1,
    passed: ratio <= 1,
    best,
    ...details,
  };
}

function printTable(cases: readonly CaseResult[], limits: readonly LimitResult[]): void {
  const head = ["case", "brevis: median (best)", "peer: median (best)", "peer", "ratio (of best)", "target", ""];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  const pair = (median: number, best: number, unit: string) => `${median.toFixed(1)} (${best.toFixed(1)}) ${unit}`;
  const ratios = (median: number, best: number, target: number) => [
    `${median.toFixed(2)} (${best.toFixed(2)})`,
    `<= ${target.toFixed(2)}`,
    median <= target ? "reached" : "MISSED",
  ];
  for (const { name, unit, ours, theirs, ratio, ratioOfBest, target } of cases) {
    const sides = [pair(ours.median, ours.best, unit), pair(theirs.median, theirs.best, unit), theirs.label];
    table.push([name, ...sides, ...ratios(ratio, ratioOfBest, target)]);
  }
  for (const { name, unit, ours, best, limit } of limits) {
    const sides = [pair(ours, best, unit), `${limit.toFixed(1)} ${unit}`, "limit"];
    table.push([name, ...sides, ...ratios(ours / limit, best / limit, 1)]);
  }
  console.log(table.toString());
}
