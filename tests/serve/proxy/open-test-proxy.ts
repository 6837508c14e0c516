import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openTestServer, type TestServer } from "../open-test-server.js";

/** A proxy before one server that stands in for all providers. */
export function openTestProxy(upstream: string, settings: Record<string, unknown> = {}): Promise<TestServer> {
  const upstreams = { anthropic: upstream, openai: upstream, google: upstream };
  return openTestServer({ proxy: { enabled: true, upstreams, folder: null, compressMs: 600_000, ...settings } });
}

export function makeProxyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-proxy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a tool printed: errors, which stay, in words that repeat, so that aliases come of it. */
export function writeToolResult(seed: number): string {
  const service = "com.example.reconciliation.service";
  const line = (row: number) =>
    `${row * 7 + seed} ERROR ${service}.TransactionStatusHandler${seed} failed for settlement-${(row * 13) % 5} and ${service}.AccountLedgerWriter${seed} in ${row * 31} ms`;
  return Array.from({ length: 30 }, (_, row) => line(row)).join("\n");
}
