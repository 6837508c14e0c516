import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openChatClient } from "../../src/llm/open-chat-client.js";
import type { ChatRequest } from "../../src/llm/types.js";
import { type StandInOptions, type StandIns, startProviders } from "../stand-ins/start-providers.js";

let folder: string;
let standIns: StandIns;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-answers-"));
});
afterEach(async () => {
  await standIns.close();
  rmSync(folder, { recursive: true });
});

async function start(options: StandInOptions = {}) {
  standIns = await startProviders(options);
}

const warnings: string[] = [];

function open(cache: string | false = join(folder, "answers")) {
  const warn = (message: string) => void warnings.push(message);
  return openChatClient({ environment: standIns.environment, cache, ledger: join(folder, "costs.log"), warn });
}

const request: ChatRequest = {
  model: "claude-haiku-4-5",
  messages: [{ role: "user", content: "hello" }],
  maxTokens: 10,
  purpose: "test",
};

describe("answers that are kept", () => {
  it("answer the same request again, in another process's client too, for nothing", async () => {
    await start();
    const first = await open();
    const paid = await first.ask(request);
    await first.close();
    const second = await open();
    const kept = await second.ask({ ...request, purpose: "another job" });
    await second.close();
    expect(kept).toEqual({ ...paid, cached: true, cost: 0, latency: 0 });
    expect(paid.cost).toBeGreaterThan(0);
    expect(standIns.asked()).toHaveLength(1);
  });

  it("are told apart by everything that changes the answer, and by nothing else", async () => {
    await start();
    const client = await open();
    const others: Partial<ChatRequest>[] = [
      { model: "claude-opus-4-5" },
      { model: "gpt-4.1" },
      { system: "Be brief." },
      { messages: [{ role: "user", content: "hello " }] },
      { maxTokens: 11 },
      { temperature: 0.5 },
      { sample: 1 },
      { schema: { name: "a", schema: { type: "object" } } },
      { schema: { name: "b", schema: { type: "object" } } },
    ];
    for (const over of [{}, ...others]) await client.ask({ ...request, ...over });
    expect(standIns.asked()).toHaveLength(1 + others.length);
    const { signal } = new AbortController();
    for (const over of [{ temperature: 0 }, { sample: 0 }, { purpose: "x" }, { signal }]) {
      expect(await client.ask({ ...request, ...over })).toMatchObject({ cached: true });
    }
    await client.close();
  });

  it("that are refused or empty are kept too: they were paid for", async () => {
    await start({ answer: () => ({ end: "refusal" }) });
    const client = await open();
    await client.ask(request);
    expect(await client.ask(request)).toMatchObject({ end: "refused", cached: true });
    await client.close();
  });

  it("that are damaged on the disk are asked for again", async () => {
    await start();
    const client = await open();
    await client.ask(request);
    const content = join(folder, "answers", "content-v2");
    const files = readdirSync(content, { recursive: true, encoding: "utf8", withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toHaveLength(1);
    for (const file of files) writeFileSync(join(file.parentPath, file.name), "damage");
    expect(await client.ask(request)).toMatchObject({ cached: false, end: "stop" });
    expect(await client.ask(request)).toMatchObject({ cached: true });
    await client.close();
  });

  it("that cannot be kept are given all the same, with one warning", async () => {
    await start();
    writeFileSync(join(folder, "in-the-way"), "");
    warnings.length = 0;
    const client = await open(join(folder, "in-the-way"));
    for (const content of ["a", "b"]) await client.ask({ ...request, messages: [{ role: "user", content }] });
    expect(warnings).toHaveLength(1);
    await client.close();
  });
});

describe("requests that are the same, at the same time", () => {
  it("are sent once and paid once", async () => {
    await start({ faults: () => ({ kind: "slow", milliseconds: 20 }) });
    const client = await open(false);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.ask(request)));
    expect(answers.map(({ cached }) => cached)).toEqual([false, true, true, true, true]);
    expect(answers.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBe(answers[0]?.cost);
    expect(standIns.asked()).toHaveLength(1);
    expect(await client.ask(request)).toMatchObject({ cached: false });
    await client.close();
  });

  it("go on for the others when one caller gives up, and end when all have", async () => {
    let isHeld = true;
    await start({ faults: () => (isHeld ? { kind: "stall" } : undefined) });
    const client = await open(false);
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [one, two].map(({ signal }) => client.ask({ ...request, signal }));
    const outcomes = asked.map((answer) => answer.catch((error: { code: string }) => error.code));
    while (standIns.asked().length === 0) await new Promise(setImmediate);
    one.abort();
    expect(await outcomes[0]).toBe("aborted");
    expect(standIns.asked()).toHaveLength(1);
    two.abort();
    expect(await outcomes[1]).toBe("aborted");
    isHeld = false;
    expect(await client.ask(request)).toMatchObject({ end: "stop" });
    await client.close();
    expect(readFileSync(join(folder, "costs.log"), "utf8")).toContain('"reason":"aborted"');
  });
});
