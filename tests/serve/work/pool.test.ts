import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { compress } from "../../../src/compress/compress.js";
import type { CompressResult } from "../../../src/compress/types.js";
import { WorkerPool } from "../../../src/serve/work/worker-pool.js";
import { openTestServer } from "../open-test-server.js";

const path = join(import.meta.dirname, "..", "..", "..", "dist", "serve", "work", "compress-worker.js");
const script = pathToFileURL(path);

/** Words in no order that repeats: takes seconds to compress. */
function writeLong(words: number): string {
  let seed = 7;
  return Array.from({ length: words }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return `word${seed % 5003} of`;
  }).join(" ");
}

function openPool(options: Partial<ConstructorParameters<typeof WorkerPool>[0]> = {}): WorkerPool {
  if (!existsSync(path)) throw new Error(`src/ does not compile: ${inject("compileErrors")}`);
  const pool = new WorkerPool({
    size: 1,
    mostWaiting: 4,
    waitMs: 60_000,
    limitMs: 60_000,
    settings: { compress: {} },
    script,
    ...options,
  });
  onTestFinished(() => pool.close());
  return pool;
}

describe("the pool of threads", () => {
  it("gives what compress gives, and its errors", async () => {
    const pool = openPool();
    const text = "The old house on the hill had been sold to people who came from very far away.";
    const { json, tokens } = await pool.run({ text, options: { rate: 0.5 } });
    const { timings: _, ...expected } = await compress(text, { rate: 0.5 });
    expect(JSON.parse(json)).toMatchObject(expected);
    expect(tokens.original).toBe(expected.tokens.original);
    await expect(pool.run({ text, options: { rate: 7 } })).rejects.toMatchObject({ code: "invalid-option" });
    const missing = { mode: "abstractive", model: "/no/such/model" } as const;
    await expect(pool.run({ text, options: missing })).rejects.toMatchObject({ code: "model-missing" });
  });

  it("refuses what there is no room for, and says when to come back", async () => {
    const pool = openPool({ mostWaiting: 1 });
    const texts = Array.from({ length: 6 }, (_, index) => `${index} ${writeLong(300)}`);
    const settled = await Promise.allSettled(texts.map(async (text) => pool.run({ text, options: {} })));
    const refused = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(refused).toHaveLength(4);
    for (const reason of refused)
      expect(reason).toMatchObject({ code: "overloaded", httpStatus: 429, retryAfter: expect.any(Number) });
  });

  it("refuses what has waited for too long", async () => {
    const pool = openPool({ waitMs: 50 });
    const leaving = new AbortController();
    const first = pool.run({ text: writeLong(200_000), options: { mode: "lossless" } }, leaving.signal);
    await expect(pool.run({ text: "a", options: {} })).rejects.toMatchObject({ code: "overloaded" });
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: "aborted" });
  });

  it("is free again after a caller has hung up", async () => {
    const pool = openPool({ graceMs: 100 });
    const leaving = new AbortController();
    const running = pool.run({ text: writeLong(400_000), options: { mode: "lossless" } }, leaving.signal);
    const waiting = pool.run({ text: "b", options: {} }, leaving.signal);
    setTimeout(() => leaving.abort(), 20);
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    expect(pool.status.waiting).toBe(0);
    await pool.run({ text: "c", options: {} });
    expect(pool.status).toMatchObject({ busy: 0, waiting: 0 });
  });

  it("replaces a thread whose job does not end", async () => {
    const pool = openPool({ limitMs: 30 });
    // The thread has to be there, or its start would be what takes long.
    while (!pool.status.workers.every(({ ready }) => ready)) await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(pool.run({ text: writeLong(400_000), options: { mode: "lossless" } })).rejects.toMatchObject({
      code: "internal",
    });
    while (!pool.status.workers.some(({ ready }) => ready)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pool.status.workers).toHaveLength(1);
  });
});

describe("a service with threads", () => {
  it("answers others while a large text is compressed, and frees it when its caller hangs up", async () => {
    const server = await openTestServer({ workers: 1 }, { workerScript: script });
    const body = JSON.stringify({ text: writeLong(300_000), mode: "lossless" });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(
      `POST /api/compress HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const health = async () => (await (await fetch(`${server.url}/api/health`)).json()) as { pool: { busy: number } };
    let { pool } = await health();
    while (pool.busy === 0) ({ pool } = await health());
    expect(pool.busy).toBe(1);
    socket.destroy();
    while (pool.busy > 0) ({ pool } = await health());
    const { result } = (await (await server.post("/api/compress", { text: "a b", mode: "lossless" })).json()) as {
      result: CompressResult;
    };
    expect(result.text).toBe("a b");
  });

  it("answers 429 with Retry-After where the queue is full", async () => {
    const server = await openTestServer({ workers: 1, limits: { waitingTexts: 2 } }, { workerScript: script });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => server.post("/api/compress", { text: `${index} ${writeLong(8000)}` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    for (const answer of answers) {
      const body = (await answer.json()) as { error: { code: string } };
      if (answer.status === 429) {
        expect(body.error.code).toBe("overloaded");
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      }
    }
  });

  it("answers what it remembers while the queue is full", async () => {
    const server = await openTestServer({ workers: 1, limits: { waitingTexts: 1 } }, { workerScript: script });
    const ask = (text: string) => server.post("/api/compress", { text });
    expect((await ask("seen before")).status).toBe(200);
    const pool = async () =>
      ((await (await fetch(`${server.url}/api/health`)).json()) as { pool: { waiting: number } }).pool;
    const busy = [ask(`1 ${writeLong(40_000)}`), ask(`2 ${writeLong(40_000)}`)];
    while ((await pool()).waiting === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [seen, other] = [await ask("seen before"), await ask("never seen")];
    expect([seen.status, seen.headers.get("x-brevis-cache")]).toEqual([200, "hit"]);
    expect(other.status).toBe(429);
    for (const answer of busy) expect((await answer).status).toBe(200);
  });
});
