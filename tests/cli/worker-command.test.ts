import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedisServer, startRedis, type TestRedis } from "../stand-ins/start-redis.js";
import { collectRun, makeFolder, runBrevis, startBrevis } from "./run-brevis.js";

const words = "many words that say rather little about anything in particular, over and over again, ";

function withoutTimings(text: string): unknown[] {
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line, (name, value) => (name === "timings" ? undefined : value)));
}

describe("brevis worker", () => {
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
});
