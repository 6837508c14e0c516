import { findLeaks } from "../../../records/find-leaks.js";
import { type PairFigures, PairTally } from "../../../records/measure-pairs.js";
import { readPairs } from "../../../records/read-pairs.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { formatCount, formatShare } from "../../terminal/summarize-result.js";
import type { CheckFlags } from "./add-records-command.js";
import { findSides, type PairFile } from "./find-sides.js";

/** What was found in a file of pairs, or in a split. */
interface Report {
  readonly files: readonly ({ readonly name: string; readonly broken: readonly string[] } & PairFigures)[];
  /** Pairs that share a document, or 13 words in a row, with another side. */
  readonly leaks: { readonly count: number; readonly first: readonly string[] };
}

/** Leaks and broken lines that are named one by one. */
const mostNamed = 10;

/** Runs `brevis records check`. Exits with 1 where something is wrong. */
export async function runCheck(path: string, flags: CheckFlags): Promise<void> {
  const { files } = await findSides(path);
  const measured: Report["files"][number][] = [];
  for (const file of files) measured.push(await measureFile(file));
  const report = { files: measured, leaks: await countLeaks(files) };
  await writeStandardOutput(flags.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
  const isSound = ({ broken, repeatedIds, repeatedPairs, useless }: Report["files"][number]) =>
    broken.length + repeatedIds + repeatedPairs + useless === 0;
  if (!measured.every(isSound) || report.leaks.count > 0) process.exitCode = 1;
}

async function measureFile({ name, path }: PairFile) {
  const tally = new PairTally();
  const broken: string[] = [];
  const onSkip = ({ message }: Error) => void broken.push(message);
  for await (const pair of readPairs(path, { onBroken: "skip", onSkip })) tally.add(pair);
  return { name, broken, ...tally.close() };
}

async function countLeaks(files: readonly PairFile[]): Promise<Report["leaks"]> {
  const first: string[] = [];
  let count = 0;
  if (files.length < 2) return { count, first };
  const sides = files.map(({ name, path }) => [name, readPairs(path, { onBroken: "skip" })] as const);
  for await (const { id, side, of, what } of findLeaks(sides)) {
    const shared = what === "words" ? "13 words in a row" : "its document";
    if (++count <= mostNamed) first.push(`${id} of ${side} shares ${shared} with ${of}`);
  }
  return { count, first };
}

function describe({ files, leaks }: Report): string {
  const lines = files.flatMap(({ name, broken, ...figures }) => [
    `${name}: ${describeFigures(figures)}`,
    ...broken.slice(0, mostNamed).map((message) => `  ${message}`),
    ...(broken.length > 0 ? [`  broken lines: ${formatCount(broken.length)}`] : []),
    ...describeFaults(figures),
  ]);
  const leaking = leaks.count === 0 ? [] : [`leaks between the sides: ${formatCount(leaks.count)}`, ...leaks.first];
  return `${[...lines, ...leaking].join("\n")}\n`;
}

function describeFigures({ pairs, documents, tokens, domains, licences }: PairFigures): string {
  const rate = tokens.verbose === 0 ? 1 : tokens.compressed / tokens.verbose;
  const counts = (named: Readonly<Record<string, number>>) =>
    Object.entries(named)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(", ");
  const size = `${formatCount(tokens.verbose)} -> ${formatCount(tokens.compressed)} tokens (${formatShare(rate)})`;
  return `${formatCount(pairs)} pairs of ${formatCount(documents)} documents, ${size}; ${counts(domains)}; licences: ${counts(licences)}`;
}

function describeFaults({ repeatedIds, repeatedPairs, useless }: PairFigures): string[] {
  const faults: [count: number, what: string][] = [
    [repeatedIds, "ids that another pair has"],
    [repeatedPairs, "pairs that are another's copy"],
    [useless, "pairs that save nothing"],
  ];
  return faults.filter(([count]) => count > 0).map(([count, what]) => `  ${what}: ${formatCount(count)}`);
}
