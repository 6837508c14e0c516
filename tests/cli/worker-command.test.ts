import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskKinds } from "../../src/cli/commands/worker/task-kinds.js";
import { askTask } from "../../src/generate/pairs/ask-task.js";
import { runTasks } from "../../src/queue/run-tasks.js";
import { startProviders } from "../stand-ins/start-providers.js";
import { hasRedisServer, startRedis, type TestRedis } from "../stand-ins/start-redis.js";
import { collectRun, makeFolder, runBrevis, startBrevis } from "./run-brevis.js";

const words = "many words that say rather little about anything in particular, over and over again, ";

function withoutTimings(text: string): unknown[] {
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line, (name, value) => (name === "timings" ? undefined : value)));
}

describe("brevis worker", () => {
  it("knows each kind by the kind's own name", async () => {
    for (const [name, load] of Object.entries(taskKinds)) expect((await load()).name).toBe(name);
  });

  it("without a Redis server says where it looked", async () => {
    const run = await runBrevis(["worker", "--queue", "redis://127.0.0.1:1"]);
    expect(run).toMatchObject({ code: 6, stderr: expect.stringContaining("127.0.0.1:1") });
  });

  it("needs a queue, and --queue of compress needs --jsonl", async () => {
    expect(await runBrevis(["worker"])).toMatchObject({ code: 2 });
    expect(await runBrevis(["compress", "--queue", "redis://127.0.0.1:1"], { stdin: "x" })).toMatchObject({ code: 2 });
  });
});

describe.skipIf(!hasRedisServer)("brevis worker (needs redis-server)", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  it("compresses records as the command alone does, and ends when it is interrupted", async () => {
    const records = Array.from({ length: 30 }, (_, id) => JSON.stringify({ id, text: `${id} ${words.repeat(3)}` }));
    const cwd = makeFolder({ "in.jsonl": `${records.join("\n")}\n{"id":99}\nnot JSON\n` });
    const worker = startBrevis(["worker", "--queue", redis.url, "--concurrency", "2"], { cwd });
    const ended = collectRun(worker);
    const command = ["compress", "--jsonl", "in.jsonl", "--no-store"];
    const [queued, alone] = await Promise.all([
      runBrevis([...command, "--queue", redis.url, "-q"], { cwd }),
      runBrevis([...command, "-q"], { cwd }),
    ]);
    expect(queued.code).toBe(0);
    expect(queued.stderr).toBe(alone.stderr);
    expect(withoutTimings(queued.stdout)).toEqual(withoutTimings(alone.stdout));
    expect(withoutTimings(queued.stdout)).toHaveLength(32);
    worker.kill("SIGINT");
    const run = await ended;
    expect(run).toMatchObject({ code: 0, stdout: "" });
    // One for the options, and one for each record that has a text.
    expect(run.stderr).toContain("31 tasks done, 0 of them failed.");
  });

  it("has wrong options refused before any worker is needed", async () => {
    const cwd = makeFolder({ "in.jsonl": '{"text":"x"}\n' });
    const run = await runBrevis(["compress", "--jsonl", "in.jsonl", "--must-keep", "(", "--queue", redis.url], { cwd });
    expect(run.code).toBe(2);
  });

  it("asks models, and when a worker is killed, asks again for no more than what it had under way", async () => {
    const cwd = makeFolder();
    const standIns = await startProviders({ faults: () => ({ kind: "slow", milliseconds: 10 }) });
    const ledger = join(cwd, "costs.log");
    const env = { ...standIns.environment, BREVIS_CACHE: join(cwd, "answers"), BREVIS_COST_LOG: ledger };
    const atOnce = 4;
    const flags = ["worker", "--queue", redis.url, "--concurrency", String(atOnce), "--silence", "2", "-q"];
    const workers = [startBrevis(flags, { cwd, env }), startBrevis(flags, { cwd, env })];
    const tasks = Array.from({ length: 60 }, (_, number) => ({
      key: `question ${number}`,
      data: {
        model: "claude-haiku-4-5",
        messages: [{ role: "user" as const, content: `question ${number}` }],
        maxTokens: 20,
        purpose: "test",
      },
    }));
    const known = new Set<string>();
    let askedBefore = 0;
    for await (const outcome of runTasks(tasks, { kind: askTask, setup: {}, queue: redis.url, concurrency: 16 })) {
      expect(outcome).toMatchObject({ result: { end: "stop" } });
      known.add(outcome.key);
      if (known.size === 20) {
        askedBefore = standIns.asked().length;
        workers[0]!.kill("SIGKILL");
      }
    }
    const left = collectRun(workers[1]!);
    workers[1]!.kill("SIGINT");
    expect(await left).toMatchObject({ code: 0 });
    await standIns.close();
    expect(known.size).toBe(60);
    expect(askedBefore).toBeGreaterThanOrEqual(20);
    const asked = standIns.asked().map(({ prompt }) => prompt);
    expect(new Set(asked).size).toBe(60);
    const lines: Record<string, unknown>[] = readFileSync(ledger, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const settled = lines.filter(({ type }) => type === "settle");
    const sent = settled.reduce((sum, { sends }) => sum + Number(sends), 0);
    expect(asked.length - sent).toBeLessThanOrEqual(atOnce);
    // Each call that was under way at the kill, and was made again, says so; one whose answer was kept was not made again.
    const settlements = new Map(settled.map((line) => [line.id, line]));
    const reserved = lines.filter(({ type }) => type === "reserve");
    const open = reserved.filter(({ id }) => !settlements.has(id));
    expect(open.length).toBeLessThanOrEqual(atOnce);
    for (const line of open) {
      const again = reserved.slice(reserved.indexOf(line) + 1).find(({ key }) => key === line.key);
      if (again) expect(settlements.get(again.id)?.possibleDuplicateOf).toBe(line.id);
    }
  });
});
