import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { collectRun, makeFolder, startBrevis } from "../../cli/run-brevis.js";
import { type StandIns, startProviders } from "../../stand-ins/start-providers.js";

/**
 * Validations against local servers of which a twentieth of the sends goes wrong, by a process that is killed on the way. The default is small;
 *
 *     BREVIS_VALIDATIONS=10000 npx vitest run tests/validate/run/many-validations.test.ts
 *
 * also gives the process a heap of 96 MB, and checks that its memory stays flat.
 */
const validations = Number(process.env.BREVIS_VALIDATIONS ?? 60);
const cellsOfPair = 6;
const pairs = Math.ceil(validations / cellsOfPair);
const kills = 2;
/** Cells at once; each has two calls under way. */
const concurrency = 24;

const kinds = [
  { kind: "hang-up" },
  { kind: "overloaded" },
  { kind: "truncate" },
  { kind: "status", status: 500 },
] as const;

async function prepare() {
  const providers = await startProviders({
    answer: ({ prompt }) => `It lasted ${/(\d+) min/u.exec(prompt)?.[1]} minutes.`,
    faults: { rate: 0.05, kinds },
    seed: 3,
  });
  onTestFinished(() => providers.close());
  const cwd = makeFolder();
  const lines = Array.from({ length: pairs }, (_, index) => {
    const verbose = `The outage of site ${index} lasted ${index + 40} minutes in all, as the report says. ${"Nothing else is known. ".repeat(20)}`;
    const compressed = `site ${index} outage: ${index + 40} min`;
    const common = {
      id: `p${index}`,
      domain: "nl",
      source: "test",
      rate: 0.1,
      tokens: { verbose: 120, compressed: 8 },
    };
    return `${JSON.stringify({ ...common, verbose, compressed })}\n`;
  });
  writeFileSync(join(cwd, "pairs.jsonl"), lines.join(""));
  // Memory that grew with the pairs would not fit into so little; a small run needs no limit.
  const heap = validations >= 5000 ? { NODE_OPTIONS: "--max-old-space-size=96" } : {};
  const keys = { ...heap, COST_LIMIT_DAILY_USD: "", COST_WARN_THRESHOLD_USD: "", BREVIS_CACHE: join(cwd, "cache") };
  return { providers, cwd, env: { ...providers.environment, ...keys } };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

function start({ cwd, env }: Prepared) {
  const args = [
    "validate",
    "pairs.jsonl",
    "-o",
    "out.jsonl",
    "--judge",
    "none",
    "--json",
    "--concurrency",
    String(concurrency),
  ];
  const child = startBrevis(args, { cwd, env });
  child.stdin!.end();
  return { child, run: collectRun(child) };
}

const linesOf = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : []);

/** Resident bytes of a process, where the system tells. */
function residentBytes(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
  } catch {
    return undefined;
  }
}

/** Waits for the end of a run, and samples its memory by the share of the outcomes that are there. */
async function watch({ child, run }: ReturnType<typeof start>, providers: StandIns) {
  const samples: { readonly asked: number; readonly bytes: number }[] = [];
  const over = run.then(() => true);
  while (!(await Promise.race([over, sleep(250).then(() => false)]))) {
    const bytes = child.pid === undefined ? undefined : residentBytes(child.pid);
    if (bytes !== undefined) samples.push({ asked: providers.requests.length, bytes });
  }
  return { ...(await run), samples };
}

it(`loses, repeats and double-counts nothing of ${validations} validations over faults and kills`, {
  timeout: 3_000_000,
}, async () => {
  const prepared = await prepare();
  const { cwd, providers } = prepared;
  const outcomes = join(cwd, "out.outcomes.jsonl");
  for (let kill = 1; kill <= kills; kill++) {
    const { child, run } = start(prepared);
    const until = (kill * pairs * cellsOfPair) / (kills + 8);
    while (linesOf(outcomes).length < until) await sleep(20);
    child.kill("SIGKILL");
    await run;
  }
  const { code, stdout, samples } = await watch(start(prepared), providers);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { pairs, passed: pairs, failed: [], repeated: 0 }]);

  const verdicts = linesOf(join(cwd, "out.jsonl")).map((line) => JSON.parse(line));
  expect(verdicts.map(({ id }) => id).sort()).toEqual(Array.from({ length: pairs }, (_, index) => `p${index}`).sort());
  expect(
    verdicts.every(({ validation }) => validation.cells === cellsOfPair && validation.measured === cellsOfPair),
  ).toBe(true);
  const cells = linesOf(outcomes).map((line) => JSON.parse(line));
  const names = cells.map(({ pair, model, task }) => `${pair} ${model} ${task}`);
  expect([names.length, new Set(names).size]).toEqual([pairs * cellsOfPair, pairs * cellsOfPair]);

  // Answers that arrived were kept; only what was under way at a kill is asked again.
  const asked = providers.asked().filter(({ isAnswered }) => isAnswered);
  const distinct = new Set(asked.map(({ provider, prompt }) => `${provider} ${prompt}`)).size;
  expect(distinct).toBe(2 * pairs * cellsOfPair);
  expect(asked.length - distinct).toBeLessThanOrEqual(kills * 2 * concurrency);

  if (validations < 5000 || samples.length < 20) return;
  const highest = (from: number, to: number) =>
    Math.max(
      ...samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to)).map(({ bytes }) => bytes),
    );
  const megabytes = [0, 0.25, 0.5, 0.75].map((from) => Math.round(highest(from, from + 0.25) / 2 ** 20));
  process.stderr.write(`resident MB by quarters of the run: ${megabytes.join(", ")}\n`);
  expect(highest(0.5, 1)).toBeLessThan(1.25 * highest(0.1, 0.5));
});
