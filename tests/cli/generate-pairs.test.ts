import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { pairSchema } from "../../src/records/pair.js";
import { drawFrom, dropFiller, makeTexts, textOfPrompt } from "../generate/make-texts.js";
import type { AskedRequest, StandInAnswer } from "../stand-ins/exchange.js";
import { type StandInOptions, type StandIns, startProviders } from "../stand-ins/start-providers.js";
import { hasRedisServer, startRedis } from "../stand-ins/start-redis.js";
import { collectRun, makeFolder, runBrevis, startBrevis } from "./run-brevis.js";

let standIns: StandIns | undefined;
afterEach(() => standIns?.close());

const recordsOf = (texts: readonly string[]) =>
  texts
    .map((text, index) => `${JSON.stringify({ id: `d${index}`, text, source: "tests", licence: "MIT" })}\n`)
    .join("");

const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").slice(0, -1);
const keyOf = ({ messages }: Pick<AskedRequest, "messages">) => JSON.stringify(messages);

/** Answers well, but for some texts: those are refused, come back empty, or lose their numbers until that is complained about. */
function answerPrompt({ messages }: AskedRequest): StandInAnswer {
  const text = textOfPrompt(messages[0]!.content);
  const kind = text.length % 20;
  if (kind === 1) return { end: "refusal" };
  if (kind === 2) return { end: "empty" };
  const good = dropFiller(text);
  if (kind > 4 || messages.length > 1) return good;
  return good.replaceAll(/\d+/gu, "many");
}

async function setUp(texts: readonly string[], options: StandInOptions = {}) {
  standIns = await startProviders({ answer: answerPrompt, ...options });
  const folder = makeFolder({ "corpus.jsonl": recordsOf(texts) });
  const environment = () => ({
    ...standIns!.environment,
    SOURCE_DATE_EPOCH: "1790000000",
    BREVIS_COST_LOG: join(folder, "costs.log"),
    // A cache of its own for each process: what is not asked again, the journal alone knows.
    BREVIS_CACHE: mkdtempSync(join(tmpdir(), "brevis-answers-")),
  });
  const argsFor = (output: string, ...more: string[]) => [
    "generate",
    "corpus.jsonl",
    "-o",
    output,
    "--concurrency",
    "6",
    ...more,
  ];
  const setting = () => ({ cwd: folder, env: environment() });
  return { folder, argsFor, setting, run: (args: readonly string[]) => runBrevis(args, setting()) };
}

describe("brevis generate", () => {
  it("killed at random ten times, and resumed, writes what a run without a kill writes, and asks nothing answered again", async () => {
    const draw = drawFrom(7);
    // Of its own sequence, so that chance does not decide how much is left for the last kill: 138 arrivals are needed for all ten.
    const drawKill = drawFrom(3);
    const arrivals: { key: string; life: number }[] = [];
    const answers = new Map<string, string>();
    let life = 0;
    let untilKill = Number.POSITIVE_INFINITY;
    let kill = () => {};
    const { folder, argsFor, setting, run } = await setUp(makeTexts(200), {
      answer: async (request) => {
        arrivals.push({ key: keyOf(request), life });
        // Before, while or after the answers of this moment are written down.
        if (--untilKill === 0) setTimeout(kill, Math.floor(draw() * 12));
        await new Promise((resolve) => setTimeout(resolve, Math.floor(draw() * 6)));
        const answer = answerPrompt(request);
        if (typeof answer === "string") answers.set(answer, keyOf(request));
        return answer;
      },
    });
    /** The calls whose answers the journal had when a life ended. */
    const journaled: Set<string>[] = [];
    const journal = join(folder, "killed.jsonl.run", "answers.jsonl");
    const readJournal = () =>
      new Set(
        (existsSync(journal) ? linesOf(journal) : []).flatMap((line) => {
          const key = answers.get(JSON.parse(line).answer?.text);
          return key === undefined ? [] : [key];
        }),
      );
    for (life = 0; life < 10; life++) {
      const child = startBrevis(argsFor("killed.jsonl"), setting());
      untilKill = 4 + Math.floor(drawKill() * 26);
      kill = () => child.kill("SIGKILL");
      const { signal } = await collectRun(child);
      expect(signal).toBe("SIGKILL");
      journaled.push(readJournal());
    }
    untilKill = Number.POSITIVE_INFINITY;
    const last = await run(argsFor("killed.jsonl"));
    expect([last.code, last.stderr]).toEqual([0, expect.stringContaining("pairs")]);
    const asked = arrivals.length;

    for (const { key, life: at } of arrivals)
      for (let before = 0; before < at; before++) expect(journaled[before]!.has(key)).toBe(false);
    // Each kill loses at most what was under way.
    const distinct = new Set(arrivals.map(({ key }) => key)).size;
    expect(asked - distinct).toBeLessThanOrEqual(10 * 6);
    expect(journaled.at(-1)!.size).toBeGreaterThan(50);

    expect((await run(argsFor("whole.jsonl"))).code).toBe(0);
    expect(arrivals.length - asked).toBe(distinct);
    for (const name of ["", ".rejects"]) {
      expect(readFileSync(join(folder, `killed${name}.jsonl`), "utf8")).toBe(
        readFileSync(join(folder, `whole${name}.jsonl`), "utf8"),
      );
    }
    expectGood(join(folder, "whole.jsonl"), join(folder, "whole.rejects.jsonl"));
    // All is settled: the same command asks for nothing.
    expect((await run(argsFor("killed.jsonl"))).code).toBe(0);
    expect(arrivals.length - asked).toBe(distinct);
  }, 400_000);

  it("answers a first Ctrl-C by finishing the calls under way, keeps them, and goes on from there", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = 0;
    let full = () => {};
    const isFull = new Promise<void>((resolve) => {
      full = resolve;
    });
    const { folder, argsFor, setting, run } = await setUp(makeTexts(30), {
      answer: async (request) => {
        if (++arrived === 6) full();
        await released;
        return answerPrompt(request);
      },
    });
    const child = startBrevis(argsFor("pairs.jsonl"), setting());
    const ended = collectRun(child);
    await isFull;
    const told = new Promise<void>((resolve) =>
      child.stderr!.on("data", (text) => String(text).includes("Stopping") && resolve()),
    );
    child.kill("SIGINT");
    await told;
    release();
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("the same command goes on");
    expect(arrived).toBe(6);
    const answered = linesOf(join(folder, "pairs.jsonl.run", "answers.jsonl")).filter((line) =>
      line.includes('"answer"'),
    );
    expect(answered).toHaveLength(6);
    expect((await run(argsFor("pairs.jsonl"))).code).toBe(0);
    expect(new Set(standIns!.asked().map(keyOf)).size).toBe(arrived);
  });

  it("says what it would ask and what that costs, and asks nothing, without a key", async () => {
    const { argsFor, setting } = await setUp(makeTexts(12));
    const { env, cwd } = setting();
    const { code, stdout } = await runBrevis(
      [...argsFor("pairs.jsonl", "--dry-run"), "--rate", "0.4,0.6", "--limit", "5"],
      {
        cwd,
        env: { ...env, ANTHROPIC_API_KEY: "" },
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/pairs to make +10\n/u);
    expect(stdout).toMatch(/cost +about \$0\.\d\d/u);
    expect(standIns!.requests).toEqual([]);
  });

  it("names the variable of a missing key", async () => {
    const { argsFor, setting } = await setUp(makeTexts(3));
    const { env, cwd } = setting();
    const { code, stderr } = await runBrevis(argsFor("pairs.jsonl"), { cwd, env: { ...env, ANTHROPIC_API_KEY: "" } });
    expect(code).toBe(3);
    expect(stderr).toContain("ANTHROPIC_API_KEY");
    expect(standIns!.requests).toEqual([]);
  });

  it("names file and line of a broken record, and stops or goes on as asked", async () => {
    const { folder, argsFor, run } = await setUp(makeTexts(4));
    const corpus = join(folder, "corpus.jsonl");
    writeFileSync(corpus, readFileSync(corpus, "utf8").replace('"id":"d2",', '"id":"d2"'));
    const fatal = await run(argsFor("pairs.jsonl"));
    expect(fatal.code).toBe(2);
    expect(fatal.stderr).toContain("corpus.jsonl:3");
    expect(standIns!.requests).toEqual([]);
    const skipping = await run(argsFor("pairs.jsonl", "--on-broken", "skip"));
    expect(skipping.code).toBe(0);
    expect(skipping.stderr).toContain("corpus.jsonl:3");
    expect(standIns!.asked().length).toBeGreaterThanOrEqual(3);
  });

  it("stops at the day's limit on cost, keeps what is paid for, and goes on when the limit is raised", async () => {
    const { folder, argsFor, setting } = await setUp(makeTexts(12), {
      answer: ({ messages }) => dropFiller(textOfPrompt(messages[0]!.content)),
    });
    const { env, cwd } = setting();
    const args = argsFor("pairs.jsonl", "--concurrency", "1");
    const stopped = await runBrevis(args, { cwd, env: { ...env, COST_LIMIT_DAILY_USD: "0.1" } });
    expect(stopped.code).toBe(5);
    expect(stopped.stderr).toContain("COST_LIMIT_DAILY_USD");
    const asked = standIns!.asked().length;
    expect(linesOf(join(folder, "pairs.jsonl"))).toHaveLength(asked);
    expect(asked).toBeLessThan(12);
    expect((await runBrevis(args, { cwd, env })).code).toBe(0);
    expect(standIns!.asked()).toHaveLength(12);
    expect(linesOf(join(folder, "pairs.jsonl"))).toHaveLength(12);
  });

  it("goes on past a call that fails for good, says so, and asks for it again the next time", async () => {
    let isDown = true;
    const { folder, argsFor, run } = await setUp(makeTexts(6), {
      answer: ({ messages }) => dropFiller(textOfPrompt(messages[0]!.content)),
      faults: ({ messages }) => {
        const isHit = isDown && messages[0]!.content.includes(makeTexts(6)[3]!);
        return isHit ? { kind: "status", status: 400, message: "this content cannot be processed" } : undefined;
      },
    });
    const first = await run(argsFor("pairs.jsonl"));
    expect(first.code).toBe(6);
    expect(first.stderr).toContain("1 calls failed");
    expect(linesOf(join(folder, "pairs.jsonl"))).toHaveLength(5);
    isDown = false;
    const before = standIns!.asked().length;
    expect((await run(argsFor("pairs.jsonl"))).code).toBe(0);
    expect(standIns!.asked().length).toBe(before + 1);
    expect(linesOf(join(folder, "pairs.jsonl"))).toHaveLength(6);
  });
});

describe.skipIf(!hasRedisServer)("brevis generate --queue (needs redis-server)", () => {
  it("has a worker make the calls, and writes what it writes alone", async () => {
    const redis = await startRedis();
    try {
      const { folder, argsFor, setting, run } = await setUp(makeTexts(24));
      const worker = startBrevis(["worker", "--queue", redis.url, "--concurrency", "4"], setting());
      const ended = collectRun(worker);
      const queued = await run(argsFor("queued.jsonl", "--queue", redis.url));
      expect([queued.code, queued.stderr]).toEqual([0, expect.stringContaining("pairs")]);
      const asked = standIns!.asked().length;
      expect(new Set(standIns!.asked().map(keyOf)).size).toBe(asked);
      worker.kill("SIGINT");
      expect((await ended).stderr).toContain(`${asked} tasks done`);
      expect((await run(argsFor("alone.jsonl"))).code).toBe(0);
      const contentOf = (name: string) => readFileSync(join(folder, name), "utf8");
      expect(contentOf("queued.jsonl")).toBe(contentOf("alone.jsonl"));
    } finally {
      await redis.close();
    }
  });
});

/** Pairs that keep what they must, with their provenance; and what was refused, empty or beyond repair as such. */
function expectGood(pairsPath: string, rejectsPath: string): void {
  const pairs = linesOf(pairsPath).map((line) => pairSchema.parse(JSON.parse(line)));
  const rejects = linesOf(rejectsPath).map((line) => JSON.parse(line));
  expect(pairs.length + rejects.length).toBe(200);
  expect(new Set(rejects.map(({ reason }) => reason))).toEqual(new Set(["refused", "empty"]));
  expect(new Set(pairs.map(({ provenance }) => provenance!.tier))).toEqual(new Set(["written", "repaired"]));
  for (const { verbose, compressed, provenance, tokens } of pairs) {
    const numbers = verbose.match(/\d+/gu)!;
    expect(numbers.every((number) => compressed.includes(number))).toBe(true);
    expect(tokens.compressed).toBeLessThan(0.9 * tokens.verbose);
    expect(provenance).toMatchObject({ source: "tests", licence: "MIT", created: "2026-09-21T14:13:20.000Z" });
    expect(provenance!.model).toMatch(/^claude/u);
    expect(provenance!.prompt).toHaveLength(64);
  }
}
