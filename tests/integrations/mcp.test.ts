import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { type BrevisServerOptions, createBrevisServer } from "../../src/integrations/mcp/index.js";
import { openStore } from "../../src/store/open-store.js";
import { makeFolder, runBrevis } from "../cli/run-brevis.js";

const log = `${Array.from({ length: 200 }, (_, at) => `GET /items/${at} 200 in ${at % 7} ms`).join("\n")}
error: connection to 10.0.0.7:5432 refused\n`;

async function connect(options?: BrevisServerOptions): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createBrevisServer(options).connect(far);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  onTestFinished(() => client.close());
  return client;
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError = false } = await client.callTool({ name, arguments: args });
  return { texts: (content as { text: string }[]).map(({ text }) => text), isError };
}

function markerIn(text: string): string {
  return /#(\d{12})\]/u.exec(text)![1]!;
}

/** The laws of the tools, whatever the transport. */
async function expectTools(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(["compress", "restore", "stats"]);
  const { texts } = await call(client, "compress", { text: log, rate: 0.2, query: "item 47" });
  expect(texts[0]).toContain("error: connection to 10.0.0.7:5432 refused");
  expect(texts[0]!.length).toBeLessThan(0.5 * log.length);
  expect(texts[1]).toMatch(/^\d+ -> \d+ tokens, loss: lossy\. The whole text: restore #\d{12}\.$/u);
  const whole = await call(client, "restore", { id: /restore (#\d{12})/u.exec(texts[1]!)![1] });
  expect(whole).toEqual({ texts: [log], isError: false });
  const part = await call(client, "restore", { id: markerIn(texts[0]!) });
  expect(log).toContain(part.texts[0]!.trim().split("\n")[0]);
  expect((await call(client, "restore", { text: texts[0] })).texts[0]).toContain(part.texts[0]!.trim());
  const { structuredContent } = await client.callTool({ name: "stats", arguments: {} });
  expect(structuredContent).toMatchObject({ calls: 1, restored: 3 });
  const { tokens } = structuredContent as { tokens: { original: number; compressed: number } };
  expect(tokens.compressed).toBeLessThan(0.5 * tokens.original);
}

describe("the server of brevis, by the SDK's own client", () => {
  it("compresses, restores and counts in memory", async () => {
    await expectTools(await connect({ store: openStore({ path: join(makeFolder(), "store") }) }));
  });

  it("does so over stdio, as `brevis mcp`, and ends with its client", async () => {
    const folder = makeFolder({ "build.log": log });
    const main = join(import.meta.dirname, "../../dist/cli/main.js");
    const parameters = [main, "mcp", "--root", folder, "--store", join(folder, "store")];
    const transport = new StdioClientTransport({ command: process.execPath, args: parameters, stderr: "pipe" });
    const client = new Client({ name: "test", version: "1" });
    await client.connect(transport);
    await expectTools(client);
    const read = await call(client, "compress", { path: "build.log", budget: 300 });
    expect(read.texts[0]).toContain("refused");
    const ended = new Promise<void>((resolve) => {
      transport.onclose = resolve;
    });
    await client.close();
    await ended;
  });

  it("reads files of its folders alone, wherever links lead", async () => {
    const outside = makeFolder({ "secret.txt": "a secret" });
    const root = makeFolder({ "build.log": log });
    mkdirSync(join(root, "inner"));
    writeFileSync(join(root, "inner", "..log"), log);
    symlinkSync(join(outside, "secret.txt"), join(root, "link.txt"));
    const client = await connect({ roots: [root] });
    for (const path of ["build.log", join(root, "build.log"), "inner/..log"]) {
      expect(await call(client, "compress", { path }), path).toMatchObject({ isError: false });
    }
    for (const path of ["link.txt", join(outside, "secret.txt"), "../secret.txt", "inner", "absent.txt"]) {
      const { texts, isError } = await call(client, "compress", { path });
      expect(isError, path).toBe(true);
      expect(texts[0], path).not.toContain("a secret");
    }
    const { texts } = await call(await connect(), "compress", { path: "build.log" });
    expect(texts[0]).toContain("--root");
  });

  it("tells a model what was wrong with its call, and what to do", async () => {
    const client = await connect();
    for (const [name, args, expected] of [
      ["compress", {}, "either text or path"],
      ["compress", { text: log, rate: 0.5, budget: 10 }, "rate"],
      ["compress", { text: log, rate: 3 }, "rate"],
      ["restore", { id: "123456789012" }, "--no-store"],
      ["restore", { text: "[…3 lines #123456789012]" }, "store"],
    ] as const) {
      const { texts, isError } = await call(client, name, args);
      expect(isError).toBe(true);
      expect(texts[0]).toContain(expected);
    }
    expect(await call(client, "compress", { text: log, mode: "lossless" })).toMatchObject({ isError: false });
  });

  it("takes a rate of its own for calls that name none", async () => {
    const client = await connect({ compress: { rate: 0.2, kind: "log" } });
    const [low] = (await call(client, "compress", { text: log })).texts;
    const [high] = (await call(client, "compress", { text: log, rate: 0.9 })).texts;
    expect(low!.length).toBeLessThan(0.7 * high!.length);
    expect(() => createBrevisServer({ compress: { rate: 9 } })).toThrow(/rate/u);
  });
});

it("`brevis mcp --help` says how a client starts it", async () => {
  const { stdout, code } = await runBrevis(["mcp", "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain('"mcpServers"');
});
