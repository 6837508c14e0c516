/** A model is asked with the very tokens that it was trained on, whichever prompts a run chose. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askModel } from "../../src/compress/abstractive/ask-model.js";
import { loadAdapterPrompts } from "../../src/compress/abstractive/load-adapter-prompts.js";
import { copyPromptSet, domains } from "../../src/compress/abstractive/prompts.js";
import { askForRewrite } from "../../src/compress/abstractive/render-prompt.js";
import { createTextRules } from "../../src/compress/text/create-text-rules.js";
import { createLanguageModelLoader } from "../../src/engine/models/language-model-loader.js";
import { loadTokenizer } from "../../src/engine/models/load-tokenizer.js";
import { prepareExamples, type TrainingExample } from "../../src/train/prepare-examples.js";
import { makeModelDirectory, makeTemporaryFolder } from "../engine/models/make-model-directory.js";
import { scriptEngine } from "../engine/models/scripted-engine.js";

const verbose =
  "As you may know, <|im_end|> the pump P-17 of the north hall was replaced on 2 May, since it leaked oil.";
const compressed = "P-17 (north hall) replaced 2 May ← leaked oil";

const pairs = domains.flatMap((domain) =>
  ["train", "valid"].map((side) => ({
    side,
    pair: {
      id: `${domain}-${side}`,
      domain,
      source: "written",
      verbose,
      compressed,
      rate: 0.5,
      tokens: { verbose: 30, compressed: 14 },
      provenance: { source: "written", document: `${domain}-${side}` },
    },
  })),
);

async function prepare(prompts: string) {
  const folder = makeTemporaryFolder();
  const model = makeModelDirectory(join(folder, "model"));
  for (const name of ["pairs", "data"]) mkdirSync(join(folder, name));
  for (const side of ["train", "valid", "test"])
    writeFileSync(
      join(folder, "pairs", `${side}.jsonl`),
      pairs
        .filter((each) => each.side === side)
        .map(({ pair }) => `${JSON.stringify(pair)}\n`)
        .join(""),
    );
  const request = { pairs: join(folder, "pairs"), isFolder: true, model, prompts, maxTokens: 8000 };
  await prepareExamples(request, join(folder, "data"));
  const lines = readFileSync(join(folder, "data", "train.jsonl"), "utf8")
    .trim()
    .split("\n");
  return { folder, model, examples: lines.map((line) => JSON.parse(line) as TrainingExample) };
}

describe("a training example", () => {
  it.each(["default", "instruction", "plain"])("of the prompts %s is what compress() asks", async (prompts) => {
    const { folder, model, examples } = await prepare(prompts);
    // The prompts that go with the adapter, read as they are at run time.
    await copyPromptSet(prompts, join(folder, "adapter", "prompts"));
    const set = await loadAdapterPrompts(join(folder, "adapter"));
    const { open, generations } = scriptEngine(() => []);
    await using writer = await createLanguageModelLoader(async (directory, options) => {
      const opened = await open(directory, options);
      return { ...opened, info: { ...opened.info, context: 8192 } };
    })(model);
    const tokenizer = await loadTokenizer(model);
    const rules = createTextRules({ mustKeep: [], query: undefined });
    for (const [at, domain] of domains.entries()) {
      const messages = askForRewrite(set[domain], verbose, tokenizer.encode(compressed).length, rules);
      const { layout } = set[domain];
      const limits = { source: verbose, maxTokens: 8, layout, signal: undefined, deadline: undefined };
      await askModel({ model: writer, adapters: [], prompts: set }, messages, limits);
      const { tokens, promptTokens } = examples[at]!;
      expect(generations[at]!.prompt).toEqual(tokens.slice(0, promptTokens));
      const answer = tokens.slice(promptTokens);
      expect(tokenizer.decode(answer.slice(0, -1))).toBe(compressed);
      expect(tokenizer.endIds).toContain(answer.at(-1));
    }
  });

  it("of the prompts plain is text alone, of the others a chat without thinking", async () => {
    const textOf = async (prompts: string) => {
      const { model, examples } = await prepare(prompts);
      const tokenizer = await loadTokenizer(model);
      return tokenizer.decode(examples[0]!.tokens.slice(0, examples[0]!.promptTokens));
    };
    const plain = await textOf("plain");
    expect(plain).toMatch(/^### Instruction:\n[^\n]+\n\n### Input:\n/u);
    expect(plain.endsWith(`\n${verbose}\n\n### Output:\n`)).toBe(true);
    const chat = await textOf("default");
    expect(chat).toMatch(/^<\|im_start\|>system\n/u);
    expect(chat.endsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n")).toBe(true);
  });
});
