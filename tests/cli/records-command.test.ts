import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pairSchema } from "../../src/records/pair.js";
import { makePair, makeWords } from "../records/make-pair.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const linesOf = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

const foreign = [
  {
    id: "one",
    domain: "nl",
    verbose: "We would like to inform you that the meeting was moved to 9:30.",
    compressed: "Meeting moved to 9:30.",
  },
  {
    id: "two",
    verbose: "```sh\nnpm ci\n```\nRun this command first, before you do anything else at all.",
    compressed: "First: `npm ci`",
  },
  {
    id: "three",
    domain: "bash_output",
    source: "agents",
    verbose: "total 48\ndrwxr-xr-x 2 root root src",
    compressed: "src/",
  },
  { id: "useless", domain: "nl", verbose: "Short.", compressed: "Rather longer than before." },
]
  .map((record) => JSON.stringify(record))
  .join("\n");

/** Texts of their own, three for each document. */
const pairs = Array.from({ length: 60 }, (_, index) =>
  makePair({
    id: `p${index}`,
    verbose: makeWords(`w${index}x`, 30),
    domain: index % 2 === 0 ? "nl" : "code",
    provenance: { source: "tests", licence: "MIT", document: `d${Math.floor(index / 3)}` },
  }),
);
const pairLines = pairs.map((pair) => `${JSON.stringify(pair)}\n`).join("");

describe("brevis records import", () => {
  it("makes pairs with counts and provenance, and leaves out what saves nothing", async () => {
    const folder = makeFolder({ "foreign.jsonl": foreign });
    const args = [
      "records",
      "import",
      "foreign.jsonl",
      "--source",
      "team/notes",
      "--licence",
      "MIT",
      "-o",
      "pairs.jsonl",
    ];
    const { code, stderr } = await runBrevis(args, { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain("foreign.jsonl:4 is no pair");
    expect(stderr).toContain("3 pairs; 1 save nothing");
    const imported = linesOf(join(folder, "pairs.jsonl")).map((line) => pairSchema.parse(line));
    expect(imported).toMatchObject([
      {
        id: "one",
        domain: "nl",
        tokens: { verbose: 17, compressed: 8 },
        provenance: { document: "one", licence: "MIT" },
      },
      { id: "two", domain: "mixed", source: "team/notes" },
      { id: "three", domain: "mixed", source: "agents/bash_output", provenance: { source: "agents" } },
    ]);
    expect(imported[0]!.rate).toBeCloseTo(8 / 17, 2);
  });

  it("names file and line of a broken line, and stops or goes on as asked", async () => {
    const folder = makeFolder({ "foreign.jsonl": `${foreign.replace('"id":"two",', '"id":"two"')}\n` });
    const args = ["records", "import", "foreign.jsonl", "-o", "pairs.jsonl"];
    const fatal = await runBrevis(args, { cwd: folder });
    expect(fatal.code).toBe(2);
    expect(fatal.stderr).toContain("foreign.jsonl:2");
    expect(existsSync(join(folder, "pairs.jsonl"))).toBe(false);
    const skipping = await runBrevis([...args, "--on-broken", "skip"], { cwd: folder });
    expect([skipping.code, linesOf(join(folder, "pairs.jsonl")).length]).toEqual([0, 2]);
    expect(skipping.stderr).toContain("foreign.jsonl:2");
  });
});

describe("brevis records split, check and export", () => {
  it("splits without a leak, says so, and writes what a trainer reads", async () => {
    const folder = makeFolder({ "pairs.jsonl": pairLines });
    const cwd = { cwd: folder };
    const split = await runBrevis(["records", "split", "pairs.jsonl", "-o", "split", "--shares", "0.6,0.2,0.2"], cwd);
    expect([split.code, split.stderr]).toEqual([0, expect.stringMatching(/^train \d+, valid \d+, test \d+ pairs\n$/u)]);
    const sides = ["train", "valid", "test"].map((side) => linesOf(join(folder, "split", `${side}.jsonl`)));
    expect(
      sides
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(pairs.map(({ id }) => id).sort());

    const check = await runBrevis(["records", "check", "split", "--json"], cwd);
    expect(check.code).toBe(0);
    expect(JSON.parse(check.stdout)).toMatchObject({
      leaks: { count: 0 },
      files: [{ name: "train", licences: { MIT: sides[0]!.length } }, {}, {}],
    });

    const exported = await runBrevis(["records", "export", "split", "-o", "examples", "--prompts", "instruction"], cwd);
    expect(exported.code).toBe(0);
    const example = linesOf(join(folder, "examples", "test.jsonl"))[0];
    expect(example.messages.map(({ role }: { role: string }) => role)).toEqual(["system", "user", "assistant"]);
    expect(example.messages[1].content).toMatch(
      /^### Instruction:\n[\s\S]*, 5 at most[\s\S]*\n### Input:\n[\s\S]*\n### Output:$/u,
    );
    expect(example.messages[2].content).toBe("Text.");
  });

  it("finds leaks, repeats and broken lines, and exits with 1", async () => {
    const folder = makeFolder();
    const split = makeFolder({ "train.jsonl": pairLines, "test.jsonl": `${pairLines.split("\n")[4]}\n{"id"\n` });
    writeFileSync(join(folder, "repeated.jsonl"), pairLines + pairLines.split("\n")[0]);
    const leaking = await runBrevis(["records", "check", split]);
    expect(leaking.code).toBe(1);
    expect(leaking.stdout).toContain("leaks between the sides: 2");
    expect(leaking.stdout).toContain("p4 of test shares 13 words in a row with train");
    expect(leaking.stdout).toContain("test.jsonl:2");
    const repeated = await runBrevis(["records", "check", join(folder, "repeated.jsonl")]);
    expect(repeated.code).toBe(1);
    expect(repeated.stdout).toContain("pairs that are another's copy: 1");
  });
});
