import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this machine has a Redis server: tests that need one are skipped without. */
export const hasRedisServer = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis server of a test's own, which keeps nothing. */
export interface TestRedis {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a Redis server on a free port. */
export async function startRedis(): Promise<TestRedis> {
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), "brevis-redis-"));
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const server = spawn("redis-server", flags, { stdio: ["ignore", "pipe", "inherit"] });
  await untilReady(server);
  return {
    url: `redis://127.0.0.1:${port}`,
    async close() {
      const ended = new Promise((resolve) => server.once("close", resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    server.stdout?.on("data", (chunk) => {
      output += chunk;
      if (/ready to accept connections/iu.test(output)) resolve();
    });
    server.once("close", () => reject(new Error(`redis-server ended:\n${output}`)));
  });
}
