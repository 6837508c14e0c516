/** Models on this machine as brains, and the steps that need no prompt. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askLocalModel } from "../../../src/briefs/brain/model-asker.js";
import { openModelBrain } from "../../../src/briefs/brain/open-model-brain.js";
import { openOfflineBrain } from "../../../src/briefs/brain/open-offline-brain.js";
import { type CompressBriefOptions, compressBrief } from "../../../src/briefs/compress-brief.js";
import { singleLevel } from "../../../src/briefs/levels.js";
import { loadMethodologies } from "../../../src/briefs/methodologies/load-methodologies.js";
import { parsePipeline } from "../../../src/briefs/methodologies/parse-pipeline.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { scriptModel } from "../../compress/abstractive/scripted-model.js";

const counter = await loadTokenCounter();
const methodologies = await loadMethodologies();
const source = readFileSync(
  join(import.meta.dirname, "..", "..", "fixtures", "briefs", "parser-contributing.md"),
  "utf8",
);

async function compressOne(lists: string, options: Partial<CompressBriefOptions> = {}) {
  const pipeline = parsePipeline(lists, methodologies);
  const settings = { brain: openOfflineBrain(), pipeline, levels: [singleLevel(0)], counter, ...options };
  return (await compressBrief(source, settings))[0]!;
}

describe("a model on this machine", () => {
  it("finds kernels, rewrites and compares, without a cost", async () => {
    const kernels = [{ category: "rule", text: "Never call `malloc` directly." }];
    const model = scriptModel(({ messages }) => {
      const system = messages[0]!.content;
      const prompt = messages.at(-1)!.content;
      if (/find every kernel/u.test(system))
        return `Here they are:\n\`\`\`json\n${JSON.stringify({ kernels })}\n\`\`\``;
      const ids = [...prompt.matchAll(/^- (r-[0-9a-f]{8})/gmu)].map(([, id]) => id);
      if (/compare by meaning/u.test(system)) return JSON.stringify({ retained: ids, lost: [], invented: [] });
      return "Never call `malloc` directly.";
    });
    const asker = askLocalModel(model, "local:scripted");
    const { meta, text } = await compressOne("[[sitrep]]", { brain: openModelBrain(asker, counter) });
    expect(text).toBe("Never call `malloc` directly.\n");
    expect(meta.meta).toMatchObject({ brainSlug: "local:scripted", brainCalls: 7, cost: 0 });
    expect(meta.metrics.retentionRatio).toBe(1);
    // Candidates are told apart by their seeds.
    const seeds = model.asked.filter(({ options }) => options.temperature === 0.7).map(({ options }) => options.seed);
    expect(seeds.sort()).toEqual([0, 1, 2]);
  });

  it("fails a candidate whose answer was cut at its limit", async () => {
    const model = scriptModel(() => ({ text: "Never", finish: "length" }));
    const brain = openModelBrain(askLocalModel(model, "local:scripted"), counter);
    await expect(compressOne("[[sitrep]]", { brain })).rejects.toThrow("local:scripted but it was cut at its limit");
  });
});

describe("steps of this machine", () => {
  it("extractive: keeps the kernels that stand in the text word for word", async () => {
    const { meta, text } = await compressOne("[[extractive]]");
    expect(meta.metrics.compressionRatio).toBeGreaterThan(1.3);
    const whole = meta.kernels.filter(({ text: kernel }) => source.includes(kernel));
    expect(whole.length).toBeGreaterThan(5);
    for (const kernel of whole) expect(text!.replace(/\s+/gu, " ")).toContain(kernel.text);
  });

  it("chain: what a step left is what the next one gets", async () => {
    const [one, two] = [await compressOne("[[offline]]"), await compressOne("[[offline],[offline]]")];
    expect(two.meta.minified!.tokens).toBeLessThanOrEqual(one.meta.minified!.tokens);
    expect(two.meta.meta.pipeline).toEqual([["offline"], ["offline"]]);
  });

  it("abstractive: a model and its adapter rewrite through compress()", async () => {
    const model = scriptModel(({ text }) => text.slice(0, text.length >> 1));
    const { meta } = await compressOne("[[abstractive]]", { local: { model, adapter: "/adapters/brief" } });
    expect(model.asked.length).toBeGreaterThan(0);
    expect(model.adaptersUsed).toContain("/adapters/brief");
    expect(meta.meta.brainSlug).toBe("offline");
  });

  it("abstractive without a model is refused", async () => {
    await expect(compressOne("[[abstractive]]")).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("a prompt without a model is refused", async () => {
    await expect(compressOne("[[sitrep]]")).rejects.toMatchObject({ code: "invalid-option" });
  });
});
