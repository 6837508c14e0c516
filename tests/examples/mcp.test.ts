import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runExample } from "./run-example.js";

it("examples/mcp.js compresses a file through `brevis mcp`, and restores it", async () => {
  const home = mkdtempSync(join(tmpdir(), "brevis-example-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const printed = await runExample("mcp.js", { HOME: home });
  const [, before, after] = /(\d+) -> (\d+) tokens/u.exec(printed)!;
  expect(Number(after)).toBeLessThan(0.4 * Number(before));
  expect(printed).toContain("restored: 55731 characters");
});
