import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pairSchema } from "../../src/records/pair.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const readPairs = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => pairSchema.parse(JSON.parse(line)));

describe("brevis generate synthetic", () => {
  it("writes three pairs for each text, the same ones for a seed", async () => {
    const args = ["generate", "synthetic", "--texts", "4", "--scenario", "git_diff", "rag_context", "--seed", "7"];
    const { code, stdout, stderr } = await runBrevis(args);
    expect([code, stderr]).toEqual([0, ""]);
    const pairs = readPairs(stdout);
    expect(pairs.map(({ source, rate }) => `${source} ${rate}`)).toEqual(
      ["git_diff", "rag_context", "git_diff", "rag_context"].flatMap((name) =>
        [0.3, 0.5, 0.7].map((rate) => `synthetic/${name} ${rate}`),
      ),
    );
    expect((await runBrevis(args)).stdout).toBe(stdout);
  });

  it("writes a file whole, and says how much the texts repeat one another", async () => {
    const folder = makeFolder();
    const { code, stdout, stderr } = await runBrevis([
      "generate",
      "synthetic",
      "--texts",
      "22",
      "-o",
      join(folder, "pairs.jsonl"),
    ]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^66 pairs; of 22 texts \d+ % of the lines have a form of their own/u);
    expect(readPairs(readFileSync(join(folder, "pairs.jsonl"), "utf8"))).toHaveLength(66);
  });

  it("names the scenarios that there are, and leaves no file, when asked for another", async () => {
    const folder = makeFolder();
    const { code, stderr } = await runBrevis([
      "generate",
      "synthetic",
      "--scenario",
      "poems",
      "-o",
      join(folder, "pairs.jsonl"),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('received "poems"');
    expect(stderr).toContain("meeting_notes");
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(["-1", "many", "1.5"])("refuses %s texts", async (texts) => {
    expect((await runBrevis(["generate", "synthetic", `--texts=${texts}`])).code).toBe(2);
  });
});
