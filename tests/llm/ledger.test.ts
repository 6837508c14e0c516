import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openChatClient } from "../../src/llm/open-chat-client.js";
import type { ChatRequest } from "../../src/llm/types.js";
import { type StandInOptions, type StandIns, startProviders } from "../stand-ins/start-providers.js";

let folder: string;
let ledger: string;
let standIns: StandIns;
const warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-ledger-"));
  ledger = join(folder, "data", "costs.log");
  warnings.length = 0;
});
afterEach(async () => {
  await standIns.close();
  rmSync(folder, { recursive: true });
});

async function start(options: StandInOptions = {}) {
  standIns = await startProviders(options);
}

function open(environment: Record<string, string> = {}) {
  const warn = (message: string) => void warnings.push(message);
  return openChatClient({ environment: { ...standIns.environment, ...environment }, cache: false, ledger, warn });
}

/** At most $0.05: 10,000 tokens at $5 a million, and next to nothing for the question. */
function requestOf(content: string): ChatRequest {
  return { model: "claude-haiku-4-5", messages: [{ role: "user", content }], maxTokens: 10_000, purpose: "test" };
}

interface Line {
  readonly type: string;
  readonly cost?: number;
  readonly [field: string]: unknown;
}

function readLines(): Line[] {
  return readFileSync(ledger, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return [JSON.parse(text) as Line];
      } catch {
        return [];
      }
    });
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
}

describe("the cost ledger", () => {
  it("has each call's reservation and what it cost, and nothing of what was said", async () => {
    await start({ answer: () => ({ text: "a secret answer", usage: { input: 1000, output: 200 } }) });
    const client = await open();
    const { cost } = await client.ask({ ...requestOf("a secret question"), purpose: "validate.judge" });
    await client.close();
    const [reserved, settled, ...more] = readLines();
    expect(more).toEqual([]);
    expect(reserved).toMatchObject({ type: "reserve", model: "claude-haiku-4-5", purpose: "validate.judge" });
    expect(settled).toMatchObject({
      type: "settle",
      id: reserved?.id,
      provider: "anthropic",
      cost,
      end: "stop",
      sends: 1,
      lost: 0,
      usage: { input: 1000, output: 200, cacheRead: 0, cacheWrite: 0 },
    });
    expect(cost).toBeCloseTo(0.002, 10);
    expect(readFileSync(ledger, "utf8")).not.toMatch(/secret|stand-in-key/u);
  });

  it("has what a stream cost, also of one that was left early or aborted", async () => {
    await start({ answer: () => "one two three four five six seven eight nine ten" });
    const client = await open();
    const controller = new AbortController();
    const texts = [];
    for await (const event of client.stream(requestOf("whole"))) texts.push(event.type);
    for await (const _ of client.stream(requestOf("left"))) break;
    const aborted = async () => {
      for await (const _ of client.stream({ ...requestOf("aborted"), signal: controller.signal })) controller.abort();
    };
    await expect(aborted()).rejects.toMatchObject({ code: "aborted" });
    await client.close();
    expect(texts.at(-1)).toBe("answer");
    const ends = readLines().filter(({ type }) => type !== "reserve");
    expect(ends).toMatchObject([
      { type: "settle", end: "stop", sends: 1 },
      { type: "settle", end: "length", sends: 1, cost: expect.any(Number) },
      { type: "release", reason: "aborted", sends: 1 },
    ]);
  });

  it("gives back the reservation of a call that fails, and counts the sends that were lost", async () => {
    await start({ faults: ({ attempt }) => (attempt === 1 ? { kind: "hang-up" } : { kind: "status", status: 400 }) });
    const client = await open();
    await expect(client.ask(requestOf("x"))).rejects.toMatchObject({ code: "remote-failed" });
    await client.close();
    expect(readLines().at(-1)).toMatchObject({ type: "release", reason: "remote-failed", sends: 2, lost: 1 });
  });

  it("refuses a call that might pass the day's limit before it is sent", async () => {
    await start({ answer: () => ({ text: "x", usage: { output: 9_000 } }) });
    const client = await open({ COST_LIMIT_DAILY_USD: "0.12" });
    await client.ask(requestOf("one"));
    await client.ask(requestOf("two"));
    await expect(client.ask(requestOf("three"))).rejects.toMatchObject({
      code: "over-budget",
      message: expect.stringMatching(/below \$0\.1200 but \$0\.0900 is spent/u),
      hint: expect.stringContaining("COST_LIMIT_DAILY_USD"),
    });
    expect(standIns.asked()).toHaveLength(2);
    await client.close();
  });

  it("counts calls under way against the limit", async () => {
    await start({ faults: () => ({ kind: "slow", milliseconds: 30 }) });
    const client = await open({ COST_LIMIT_DAILY_USD: "0.12" });
    const outcomes = await Promise.allSettled(
      ["a", "b", "c", "d", "e"].map((content) => client.ask(requestOf(content))),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(standIns.asked()).toHaveLength(2);
    await client.close();
  });

  it("forgets yesterday", async () => {
    await start();
    const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString();
    const usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
    const line = {
      type: "settle",
      id: "1",
      at: yesterday,
      provider: "openai",
      model: "m",
      purpose: "p",
      usage,
      cost: 100,
      end: "stop",
      latency: 1,
      sends: 1,
      lost: 0,
    };
    appendTo(ledger, `${JSON.stringify(line)}\n`);
    const client = await open({ COST_LIMIT_DAILY_USD: "1" });
    expect(await client.ask(requestOf("x"))).toMatchObject({ end: "stop" });
    await client.close();
  });

  it("finds today's costs behind a long past", async () => {
    await start();
    const past = new Date(Date.now() - 240 * 3_600_000).toISOString();
    const usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
    const line = {
      type: "settle",
      id: "1",
      at: past,
      provider: "openai",
      model: "m",
      purpose: "p",
      usage,
      cost: 1,
      end: "stop",
      latency: 1,
      sends: 1,
      lost: 0,
    };
    const today = { ...line, id: "2", at: new Date().toISOString(), cost: 7 };
    appendTo(ledger, `${`${JSON.stringify(line)}\n`.repeat(3000)}${JSON.stringify(today)}\n`);
    const client = await open({ COST_LIMIT_DAILY_USD: "7.02" });
    await expect(client.ask(requestOf("x"))).rejects.toMatchObject({
      message: expect.stringContaining("$7.0000 is spent"),
    });
    await client.close();
  });

  it("warns once when the threshold is passed", async () => {
    await start({ answer: () => ({ text: "x", usage: { output: 9_000 } }) });
    const client = await open({ COST_WARN_THRESHOLD_USD: "0.08" });
    await client.ask(requestOf("one"));
    expect(warnings).toEqual([]);
    await client.ask(requestOf("two"));
    await client.ask(requestOf("three"));
    expect(warnings).toEqual([expect.stringContaining("COST_WARN_THRESHOLD_USD")]);
    await client.close();
  });

  it("bears with a line that a kill cut off, at its end and in its middle", async () => {
    await start({ answer: () => ({ text: "x", usage: { output: 9_000 } }) });
    const torn = '{"type":"settle","id":"7","at":"2026-';
    appendTo(ledger, torn);
    const client = await open({ COST_LIMIT_DAILY_USD: "0.12" });
    await client.ask(requestOf("one"));
    appendFileSync(ledger, torn);
    await client.ask(requestOf("two"));
    await expect(client.ask(requestOf("three"))).rejects.toMatchObject({ code: "over-budget" });
    await client.close();
    expect(readLines().filter(({ type }) => type === "settle")).toHaveLength(2);
  });

  it.each(["-1", "ten", "NaN"])("refuses a limit of %s", async (limit) => {
    await start();
    await expect(open({ COST_LIMIT_DAILY_USD: limit })).rejects.toMatchObject({ code: "invalid-option" });
  });
});

function appendTo(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: "a" });
}

/** A process that asks `count` questions at once and prints what came of each. */
const asker = `
  const { openChatClient } = await import(process.env.CLIENT);
  const client = await openChatClient({ cache: process.env.CACHE || false, ledger: process.env.LEDGER });
  const ask = async (content) => {
    const request = { model: "claude-haiku-4-5", messages: [{ role: "user", content }], maxTokens: 10000, purpose: "test" };
    const outcome = await client.ask(request).then(({ cached }) => (cached ? "kept" : "paid"), ({ code }) => code);
    process.stdout.write(outcome + "\\n");
  };
  const count = Number(process.env.COUNT);
  await Promise.all(Array.from({ length: count }, (_, number) => ask((process.env.NAME ?? "") + number)));
  await client.close();
`;

function startAsker(environment: Record<string, string>): ChildProcess & { outcomes(): string[] } {
  const client = new URL("../../dist/llm/open-chat-client.js", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", asker], {
    env: { PATH: process.env.PATH, ...standIns.environment, CLIENT: client, LEDGER: ledger, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout?.on("data", (chunk) => (output += chunk));
  return Object.assign(child, { outcomes: () => output.trim().split("\n") });
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once("close", resolve));
}

describe("the cost ledger of several processes", () => {
  it("keeps one limit for all", async () => {
    await start({ answer: () => ({ text: "x", usage: { output: 10_000 } }) });
    const askers = ["a", "b", "c"].map((NAME) => startAsker({ NAME, COUNT: "10", COST_LIMIT_DAILY_USD: "0.62" }));
    await Promise.all(askers.map(ended));
    const outcomes = askers.flatMap((asker) => asker.outcomes());
    // Twelve calls of $0.05 and a little: no more, no fewer.
    expect(outcomes.filter((outcome) => outcome === "paid")).toHaveLength(12);
    expect(outcomes.filter((outcome) => outcome === "over-budget")).toHaveLength(18);
    expect(standIns.asked()).toHaveLength(12);
    const spent = sumOf(readLines().filter(({ type }) => type === "settle"));
    expect(spent).toBeLessThanOrEqual(0.62);
    expect(spent).toBeGreaterThan(0.6);
  });

  it("gives back, before it refuses, what a process reserved that was killed meanwhile", async () => {
    await start({ faults: ({ prompt }) => (prompt.startsWith("doomed") ? { kind: "stall" } : undefined) });
    const client = await open({ COST_LIMIT_DAILY_USD: "0.11" });
    await client.ask(requestOf("one"));
    const doomed = startAsker({ NAME: "doomed", COUNT: "2" });
    while (standIns.asked().length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(client.ask(requestOf("two"))).rejects.toMatchObject({ code: "over-budget" });
    doomed.kill("SIGKILL");
    await ended(doomed);
    expect(await client.ask(requestOf("two"))).toMatchObject({ end: "stop" });
    await client.close();
  });

  it("survives kill -9: what was answered is kept, what was under way is sent again and said to be a possible duplicate", async () => {
    let answered = 0;
    await start({
      answer: async () => {
        answered++;
        return { text: "x", usage: { output: 10_000 } };
      },
      // The first run's later half never gets an answer.
      faults: ({ attempt, prompt }) => (attempt === 1 && Number(prompt) >= 4 ? { kind: "stall" } : undefined),
    });
    const CACHE = join(folder, "answers");
    // Room for nine calls: the four that the kill leaves open must not stand in the way of the second run.
    const environment = { COUNT: "8", CACHE, COST_LIMIT_DAILY_USD: "0.47" };
    const first = startAsker(environment);
    while (first.outcomes().filter((outcome) => outcome === "paid").length < 4 || standIns.asked().length < 8) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    first.kill("SIGKILL");
    await ended(first);
    const second = startAsker(environment);
    await ended(second);
    expect(second.outcomes().sort()).toEqual([...Array(4).fill("kept"), ...Array(4).fill("paid")]);
    expect(answered).toBe(8);
    expect(standIns.asked()).toHaveLength(12);
    const settled = readLines().filter(({ type }) => type === "settle");
    expect(settled).toHaveLength(8);
    const open = readLines()
      .filter(({ type }) => type === "reserve")
      .slice(4, 8)
      .map(({ id }) => id);
    const duplicates = settled.flatMap(({ possibleDuplicateOf }) => possibleDuplicateOf ?? []);
    expect(duplicates.sort()).toEqual(open.sort());
  });
});
