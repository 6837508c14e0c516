import { describe, expect, it } from "vitest";
import { extractKernelsOffline } from "../../../src/briefs/kernels/extract-kernels-offline.js";
import { findKernels, indexBrief } from "../../../src/briefs/kernels/find-kernels.js";
import { createKernel } from "../../../src/briefs/kernels/kernel.js";
import { leastAgreement, stabilizeKernels } from "../../../src/briefs/kernels/stabilize-kernels.js";

/** Why a text does not hold a kernel; `undefined` where it does. */
function lossOf(kernel: string, text: string): string | undefined {
  return findKernels([createKernel("rule", kernel)], indexBrief(text)).lost[0]?.reason;
}

describe("a kernel is retained by what says the same", () => {
  it.each([
    ["Always run the tests before you commit.", "- always run tests before commit"],
    ["You must not commit secrets to the repository.", "must not commit secrets to repository"],
    ["Functions should be shorter than 30 lines.", "Functions should be shorter than 30 lines."],
    ["Use `pnpm install` and never `npm install`.", "Use `pnpm install`, never `npm install`"],
    ["Make sure that the cache is empty.", "Ensure cache empty."],
    ["The port is 8080 in `config/app.yaml`.", "port 8080 in config/app.yaml"],
    ["You do not need to rebuild it.", "needn't rebuild it"],
    ["You must not push.", "Do not push."],
    ["You must run the linter.", "Run the linter."],
    ["Never push to main.", "- Never push to main, and never to a release branch."],
    ["Keep the answer short.", "Say little. Keep answers short. Say it once."],
    ["Every handler validates its input with zod.", "Validate input with zod in every handler"],
  ])("%s — %s", (kernel, text) => {
    expect(lossOf(kernel, text)).toBeUndefined();
  });
});

describe("a kernel is lost where something of it is missing or altered", () => {
  it.each([
    ["a number changed", "Functions must have at most 30 lines.", "Functions must have at most 50 lines."],
    ["a number cut from a longer one", "Wait 10 seconds.", "Wait 100 seconds."],
    ["a decimal cut", "Use a rate of 1.5 percent.", "Use a rate of 1.55 percent."],
    ["a negation lost", "Do not commit generated files.", "Commit generated files."],
    ["a negation gained", "Commit generated files.", "Never commit generated files."],
    ["a contraction lost", "Don't mock the database.", "Mock the database."],
    ["must weakened to may", "You must sign every commit.", "You may sign every commit."],
    ["must weakened to should", "You must sign every commit.", "You should sign every commit."],
    ["an order weakened to may", "Sign every commit.", "You may sign every commit."],
    ["should hardened to an order", "You should sign every commit.", "Sign every commit."],
    ["may hardened to an order", "You may skip the changelog.", "Skip the changelog."],
    ["may turned into may not", "You may skip the changelog.", "You may not skip the changelog."],
    ["what need not be done is forbidden", "You do not have to rebuild it.", "Do not rebuild it."],
    ["what is forbidden need not be done", "Do not rebuild it.", "You need not rebuild it."],
    ["an identifier changed", "Call `openStore` first.", "Call `openFile` first."],
    ["a flag dropped", "Run `make test --strict`.", "Run `make test`."],
    ["a path changed", "Put tests into tests/unit.", "Put tests into tests/e2e."],
    ["a word of three that decides", "Use parameterized SQL queries.", "Use SQL queries."],
    ["all of it", "Rotate the keys each quarter.", "Write short sentences."],
    [
      "its words strewn over the text",
      "Rotate all signing keys.",
      "Rotate the logs.\n\n- all good\n\n# Signing\n\nkeys",
    ],
  ])("%s: %s — %s", (_, kernel, text) => {
    expect(lossOf(kernel, text)).toEqual(expect.any(String));
  });

  it("says what is missing or what became of it", () => {
    expect(lossOf("Wait 10 seconds.", "Wait 20 seconds.")).toBe("10 is missing");
    expect(lossOf("You must sign every commit.", "You may sign every commit.")).toBe('"must sign" became "may sign"');
    expect(lossOf("Never commit secrets.", "Commit secrets.")).toBe('"not commit" became "commit"');
  });
});

describe("extractKernelsOffline", () => {
  const kernelsOf = (text: string) => extractKernelsOffline(text).map(({ category, text: said }) => [category, said]);

  it("finds rules, principles, definitions, patterns and constraints", () => {
    const brief = `# Guide

This guide is for everybody. We hope that you enjoy it!

A **worker** is a process that takes jobs from the queue.

You must register every job in \`jobs.ts\`, because the queue drops jobs that it does not know.

- Prefer composition over inheritance.
- Requests time out after at most 30 seconds.

\`\`\`sh
npm run worker # starts one
\`\`\`
`;
    expect(kernelsOf(brief)).toEqual([
      ["definition", "A worker is a process that takes jobs from the queue."],
      ["rule", "You must register every job in `jobs.ts`"],
      ["principle", "Prefer composition over inheritance."],
      ["constraint", "Requests time out after at most 30 seconds."],
      ["pattern", "`npm run worker`"],
    ]);
  });

  it("reads a list under `Do not` as denials", () => {
    expect(kernelsOf("## Do not\n\n- Use `require()` for imports\n- raw SQL in handlers\n")).toEqual([
      ["rule", "Do not use `require()` for imports"],
      [expect.any(String), "No raw SQL in handlers"],
    ]);
  });

  it("gives one kernel for what is said twice", () => {
    expect(kernelsOf("- Never push to main.\n\n## Again\n\n- Never push to the main.\n")).toHaveLength(1);
  });

  it("gives the same id whatever articles and marks stand around what is said", () => {
    const [first] = extractKernelsOffline("- **Never** push to the `main` branch.");
    const [second] = extractKernelsOffline("Intro.\n\n1. Never push to `main` branch");
    expect(first!.id).toBe(second!.id);
    expect(first!.id).toMatch(/^r-[0-9a-f]{8}$/u);
  });
});

describe("stabilizeKernels", () => {
  const run = (...texts: string[]) => texts.map((text) => createKernel("rule", text));

  it("keeps what most runs found, in the first words, and measures how far they agree", () => {
    const { kernels, agreement } = stabilizeKernels([
      run("Always run the tests before a commit.", "Never push to main.", "Use tabs."),
      run("Before a commit, always run the tests.", "Never push to main."),
      run("Always run all tests before each commit.", "Sign each change."),
    ]);
    expect(kernels.map(({ text }) => text)).toEqual(["Always run the tests before a commit.", "Never push to main."]);
    // Shared over all: 2/3, 1/4 and 1/3.
    expect(agreement).toBeCloseTo((2 / 3 + 1 / 4 + 1 / 3) / 3, 10);
    expect(agreement).toBeLessThan(leastAgreement);
  });

  it("does not take a rule and its denial for one", () => {
    expect(stabilizeKernels([run("Commit the lock file."), run("Never commit the lock file.")]).agreement).toBe(0);
  });

  it("has nothing to compare with one run, and agrees fully on nothing", () => {
    expect(stabilizeKernels([run("Use tabs.")])).toMatchObject({ agreement: null });
    expect(stabilizeKernels([[], [], []])).toEqual({ kernels: [], agreement: 1 });
  });
});
