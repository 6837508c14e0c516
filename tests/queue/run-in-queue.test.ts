import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BrevisError } from "../../src/errors.js";
import { connectRedis } from "../../src/queue/connect-redis.js";
import { openTaskDesk } from "../../src/queue/open-task-desk.js";
import { runTasks } from "../../src/queue/run-tasks.js";
import { startQueueWorker } from "../../src/queue/start-queue-worker.js";
import type { Task, TaskKind, TaskOutcome } from "../../src/queue/task.js";
import { hasRedisServer, startRedis, type TestRedis } from "../stand-ins/start-redis.js";

const silence = 400;

/** Doubles numbers; refuses 13. */
const doubling: TaskKind<{ by: number }, number, number> = {
  name: "doubling",
  open: async ({ by }) => ({
    run: async (number) => {
      if (number === 13) throw new BrevisError("remote-failed", "13 is refused", { hint: "Leave it out." });
      return number * by;
    },
    close: async () => {},
  }),
};

function tasksUpTo(count: number): Task<number>[] {
  return Array.from({ length: count }, (_, number) => ({ key: `task ${number}`, data: number }));
}

async function collect<Result>(outcomes: AsyncIterable<TaskOutcome<Result>>): Promise<TaskOutcome<Result>[]> {
  const all: TaskOutcome<Result>[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

describe("a queue that cannot be reached", () => {
  const run = (queue: string) => collect(runTasks(tasksUpTo(1), { kind: doubling, setup: { by: 2 }, queue }));

  it("is an error that names the place and not the password", async () => {
    const error: unknown = await run("redis://user:secret@127.0.0.1:1").catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "remote-failed", message: expect.stringContaining("127.0.0.1:1") });
    expect(String(error)).not.toContain("secret");
  });

  it.each(["", "localhost:6379", "http://localhost", "redis"])("is refused as %j", async (url) => {
    await expect(run(url)).rejects.toMatchObject({ code: "invalid-option" });
  });
});

describe.skipIf(!hasRedisServer)("a queue (needs redis-server)", () => {
  let redis: TestRedis;
  let folder: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "brevis-queue-"));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("gives what one process gives, errors included", async () => {
    const worker = await startQueueWorker({ queue: redis.url, kinds: { doubling: async () => doubling }, silence });
    const options = { kind: doubling, setup: { by: 3 }, ordered: true };
    const queued = await collect(runTasks(tasksUpTo(40), { ...options, queue: redis.url }));
    await worker.close();
    const own = await collect(runTasks(tasksUpTo(40), options));
    expect(queued).toEqual(own);
    expect(queued[13]).toMatchObject({ error: { code: "remote-failed", hint: "Leave it out." } });
  });

  it("does finished tasks once, for whoever asks, and failed ones again", async () => {
    const done: string[] = [];
    const onDone = (_: string, key: string) => void done.push(key);
    const kinds = { doubling: async () => doubling };
    const worker = await startQueueWorker({ queue: redis.url, kinds, silence, onDone });
    const options = { kind: doubling, setup: { by: 5 }, queue: redis.url };
    for (let time = 0; time < 2; time++) expect(await collect(runTasks(tasksUpTo(20), options))).toHaveLength(20);
    await worker.close();
    expect(done).toHaveLength(21);
    expect(done.filter((key) => key === "task 13")).toHaveLength(2);
  });

  it("says that no worker is there, and forgets what no worker took when the run is left", async () => {
    const warnings: string[] = [];
    const controller = new AbortController();
    const options = { kind: doubling, setup: { by: 7 }, queue: redis.url, signal: controller.signal };
    const run = collect(runTasks(tasksUpTo(9), { ...options, warn: (message) => void warnings.push(message) }));
    const ended = expect(run).rejects.toMatchObject({ code: "aborted" });
    while (warnings.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await ended;
    expect(warnings).toEqual([expect.stringContaining("brevis worker")]);
    const done: string[] = [];
    const onDone = (_: string, key: string) => void done.push(key);
    const kinds = { doubling: async () => doubling };
    const worker = await startQueueWorker({ queue: redis.url, kinds, silence, onDone });
    const more = { kind: doubling, setup: { by: 8 }, queue: redis.url };
    await collect(runTasks(tasksUpTo(1), more));
    await worker.close();
    expect(done).toEqual(["task 0"]);
  });

  it("hands tasks in again that the server forgot, or another run took back", async () => {
    const open = () =>
      openTaskDesk<{ by: number }, number, number>({
        queue: redis.url,
        kind: "doubling",
        setup: { by: 11 },
        patience: 50,
      });
    const [one, other] = [await open(), await open()];
    const orders = tasksUpTo(5).map((task) => one.order(task));
    const others = tasksUpTo(5).map((task) => other.order(task));
    const connection = await connectRedis(redis.url);
    while (Number(await connection.dbsize()) < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    await connection.flushall();
    connection.disconnect();
    const left = Promise.allSettled(others);
    await other.close();
    const worker = await startQueueWorker({ queue: redis.url, kinds: { doubling: async () => doubling }, silence });
    const outcomes = await Promise.all(orders);
    expect(outcomes).toEqual(tasksUpTo(5).map(({ data, key }) => ({ key, result: data * 11 })));
    await one.close();
    await worker.close();
    await left;
  });

  /** A worker of its own process that writes down when it begins and ends a task. */
  const workerScript = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    const { startQueueWorker } = await import(process.env.WORKER);
    const log = (text) => appendFileSync(process.env.LOG, text + "\\n");
    const kind = {
      name: "squaring",
      open: async () => ({
        run: async (number) => {
          log("begin " + number);
          await sleep(10);
          log("end " + number);
          return number * number;
        },
        close: async () => {},
      }),
    };
    await startQueueWorker({ queue: process.env.QUEUE, kinds: { squaring: async () => kind }, concurrency: 3, silence: ${silence} });
  `;

  function startWorkerProcess(log: string): ChildProcess {
    const child = spawn(process.execPath, ["--input-type=module", "-e", workerScript], {
      env: {
        PATH: process.env.PATH,
        WORKER: new URL("../../dist/queue/start-queue-worker.js", import.meta.url).href,
        QUEUE: redis.url,
        LOG: log,
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    children.push(child);
    return child;
  }

  it("loses nothing when workers are killed, and does nothing again whose result was there", async () => {
    const log = join(folder, "log");
    writeFileSync(log, "");
    const squaring: TaskKind<null, number, number> = {
      name: "squaring",
      open: () => Promise.reject(new Error("not here")),
    };
    const count = 150;
    const kills = 4;
    let killed = 0;
    for (let number = 0; number < 2; number++) startWorkerProcess(log);
    const results = new Map<string, number>();
    const run = runTasks(tasksUpTo(count), { kind: squaring, setup: null, queue: redis.url, concurrency: 20 });
    for await (const outcome of run) {
      expect(outcome).toHaveProperty("result");
      expect(results.has(outcome.key)).toBe(false);
      if ("result" in outcome) results.set(outcome.key, outcome.result);
      appendFileSync(log, `got ${outcome.key.slice("task ".length)}\n`);
      if (killed < kills && results.size >= (killed + 1) * 20) {
        killed++;
        children.shift()?.kill("SIGKILL");
        startWorkerProcess(log);
      }
    }
    expect(killed).toBe(kills);
    expect([...results].every(([key, result]) => Math.sqrt(result) === Number(key.slice("task ".length)))).toBe(true);
    expect(results.size).toBe(count);
    const lines = readFileSync(log, "utf8").trim().split("\n");
    const begun = lines.filter((line) => line.startsWith("begin "));
    expect(begun.length).toBeLessThanOrEqual(count + kills * 3);
    const known = new Set<string>();
    for (const line of lines) {
      const [what = "", number = ""] = line.split(" ");
      if (what === "got") known.add(number);
      if (what === "begin") expect(known.has(number), line).toBe(false);
    }
  });
});
