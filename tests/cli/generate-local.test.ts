/** The next round's pairs by an installed adapter: no key, no provider. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { registerAdapter } from "../../src/engine/models/register-adapter.js";
import { makeModelDirectory, makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import { fixtureAdapters } from "../train/make-run.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const sentence = "It was said in the meeting that the old house on the hill would be sold to somebody from far away. ";

it.skipIf(!hasAddon)("brevis generate --model local:NAME asks the installed adapter, and nobody else", async () => {
  const home = makeTemporaryFolder();
  vi.stubEnv("BREVIS_HOME", home);
  const { version } = await registerAdapter(fixtureAdapters.first, {
    name: "short",
    base: { model: makeModelDirectory(), config: "0" },
    format: "peft",
    rank: 4,
    evaluation: { side: "test", data: "0", examples: 1, loss: 1, baseLoss: 2 },
    run: { name: "r", folder: "/r", backend: "peft", prompts: "default" },
  });
  vi.unstubAllEnvs();
  const folder = makeFolder({ "a.md": sentence.repeat(6) });
  const output = join(makeTemporaryFolder(), "pairs.jsonl");
  const env = { BREVIS_HOME: home, ANTHROPIC_API_KEY: "", OPENAI_API_KEY: "", GEMINI_API_KEY: "" };
  const run = (...more: string[]) =>
    runBrevis(["generate", folder, "--model", "local:short", "--engine", "cpu", ...more], { env, cwd: folder });
  const estimate = await run("--dry-run");
  expect([estimate.code, estimate.stdout]).toEqual([0, expect.stringContaining(`short@${version}`)]);
  expect(estimate.stdout).not.toContain("calls to");
  const { code, stderr } = await run("-o", output);
  // What a random model writes is no pair, and says who wrote it.
  expect([code, stderr]).toEqual([0, expect.stringContaining("1 rejected")]);
  const rejects = readFileSync(output.replace(".jsonl", ".rejects.jsonl"), "utf8").trim().split("\n");
  expect(rejects.map((line) => JSON.parse(line).model)).toEqual([expect.stringContaining(`short@${version}`)]);
  const both = await run("--propose", "short", "-o", output);
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("--model local:NAME or --propose")]);
});
