/** Every branch of the decision tree, through the real SDKs against stand-ins that answer as recorded. */
import { afterEach, describe, expect, it } from "vitest";
import { countBriefCalls, estimateBrief } from "../../src/briefs/brain/estimate-cost.js";
import { askProvider } from "../../src/briefs/brain/model-asker.js";
import { openModelBrain } from "../../src/briefs/brain/open-model-brain.js";
import { type CompressBriefOptions, compressBrief } from "../../src/briefs/compress-brief.js";
import { briefLevels, singleLevel } from "../../src/briefs/levels.js";
import { loadMethodologies } from "../../src/briefs/methodologies/load-methodologies.js";
import { parsePipeline } from "../../src/briefs/methodologies/parse-pipeline.js";
import { loadTokenCounter } from "../../src/engine/tokens/load-token-counter.js";
import { openChatClient } from "../../src/llm/open-chat-client.js";
import type { ChatClient } from "../../src/llm/types.js";
import type { AskedRequest, StandInAnswer } from "../stand-ins/exchange.js";
import { type StandIns, startProviders } from "../stand-ins/start-providers.js";

const model = "gpt-4.1";
let standIns: StandIns;
let client: ChatClient;
afterEach(async () => {
  await client?.close();
  await standIns?.close();
});

/** Eight concepts, and a text of 1200 tokens in which they stand. */
const concepts = Array.from({ length: 8 }, (_, index) => ({
  category: "rule",
  text: `Always do thing number ${index + 1}.`,
}));
/** A word is a token, and so is the line break at the end of a compressed brief. */
const words = (tokens: number) => "word ".repeat(tokens - 1);
const source = words(1201).trim();

type Purpose = "kernels" | "compress" | "compare" | "repair";

/** What the recorded model says: kernels, the text of each candidate and pass, which kernels (by place) it finds in which text. */
interface Recorded {
  readonly kernels?: (run: number) => readonly { category: string; text: string }[];
  readonly compress?: (candidate: number, prompt: string) => StandInAnswer;
  readonly lost?: (comparison: number, text: string) => readonly number[];
  readonly invented?: readonly string[];
  readonly repair?: (prompt: string) => string;
}

/** Purposes by what the prompt says, since the purpose itself does not go over the wire. */
function purposeOf({ system = "" }: AskedRequest): Purpose {
  if (/find every kernel/u.test(system)) return "kernels";
  if (/compare by meaning/u.test(system)) return "compare";
  return /repair/u.test(system) ? "repair" : "compress";
}

async function start(
  recorded: Recorded,
  options: Partial<CompressBriefOptions> & { pipeline?: never; lists?: string } = {},
) {
  const counts: Record<Purpose, number> = { kernels: 0, compress: 0, compare: 0, repair: 0 };
  const prompts: { purpose: Purpose; prompt: string }[] = [];
  standIns = await startProviders({
    answer: (request) => {
      const purpose = purposeOf(request);
      const nth = counts[purpose]++;
      prompts.push({ purpose, prompt: request.prompt });
      if (purpose === "kernels") return JSON.stringify({ kernels: recorded.kernels?.(nth) ?? concepts });
      if (purpose === "compress") return recorded.compress?.(nth, request.prompt) ?? words(400);
      if (purpose === "repair") return recorded.repair?.(request.prompt) ?? words(400);
      const ids = [...request.prompt.matchAll(/^- ([rpdtc]-[0-9a-f]{8})/gmu)].map(([, id]) => id!);
      const lost = new Set(recorded.lost?.(nth, request.prompt) ?? []);
      return JSON.stringify({
        retained: ids.filter((_, place) => !lost.has(place)),
        lost: ids.filter((_, place) => lost.has(place)).map((id) => ({ id, reason: "nothing says so" })),
        invented: recorded.invented ?? [],
      });
    },
  });
  client = await openChatClient({ environment: standIns.environment, cache: false, ledger: false });
  const counter = await loadTokenCounter();
  const { lists = "[[sitrep-aggressive]]", ...rest } = options;
  const settings: CompressBriefOptions = {
    brain: openModelBrain(askProvider(client, model), counter),
    pipeline: parsePipeline(lists, await loadMethodologies()),
    levels: [singleLevel()],
    counter,
    ...rest,
  };
  const run = async () => (await compressBrief(source, settings))[0]!;
  return { run, all: () => compressBrief(source, settings), counts, prompts, settings };
}

describe("compressBrief", () => {
  it("reproduces the arithmetic of 1200 tokens, 8 kernels, 400 tokens and 7 of 8 retained, in seven calls", async () => {
    const { run } = await start({ lost: () => [7] });
    const { meta, text } = await run();
    expect(meta.source).toMatchObject({ tokens: 1200, kernels: 8, density: 150 });
    expect(meta.minified).toMatchObject({ tokens: 400, kernels: 7, density: 57.1 });
    expect(meta.metrics).toMatchObject({ compressionRatio: 3, retentionRatio: 0.875 });
    expect(meta.meta).toMatchObject({
      candidatesEvaluated: 3,
      bestScore: 2.625,
      variance: 0,
      methodology: ["sitrep-aggressive"],
    });
    expect(meta.meta.brainSlug).toBe(model);
    expect(meta.decision).toBe("compressed");
    expect(meta.metrics.kernelsRetained).toHaveLength(7);
    expect(meta.metrics.kernelsLost).toEqual([meta.kernels[7]!.id]);
    expect(meta.kernels[7]).toMatchObject({ text: "Always do thing number 8.", lost: "nothing says so" });
    expect(text).toBe(`${words(400).trim()}\n`);
    expect(standIns.asked()).toHaveLength(7);
    expect(meta.meta.brainCalls).toBe(7);
    expect(meta.meta.cost).toBeGreaterThan(0);
  });

  it.each([
    { ratio: 3, retained: 9, of: 10, score: 2.7 },
    { ratio: 4, retained: 6, of: 10, score: 2.4 },
    { ratio: 2, retained: 19, of: 20, score: 1.9 },
  ])("scores $ratio x $retained of $of as $score", async ({ ratio, retained, of, score }) => {
    const kernels = Array.from({ length: of }, (_, index) => ({ category: "rule", text: `Always do thing ${index}.` }));
    const lost = Array.from({ length: of - retained }, (_, index) => index);
    const { run } = await start(
      { kernels: () => kernels, compress: () => words(1200 / ratio), lost: () => lost },
      { levels: [singleLevel(0.5)] },
    );
    const { meta } = await run();
    expect(meta.meta.bestScore).toBe(score);
  });

  it("takes the best by ratio x retention, and records the scores' variance", async () => {
    const sizes = [600, 400, 300];
    const losses = new Map([
      [600, []],
      [400, [0]],
      [300, [0, 1, 2, 3]],
    ] as [number, number[]][]);
    const { run } = await start({
      compress: (candidate) => words(sizes[candidate]!),
      lost: (_, prompt) => losses.get(prompt.match(/word/gu)!.length + 1)!,
    });
    const { meta } = await run();
    // 2 x 1 = 2, 3 x 0.875 = 2.625, 4 x 0.5 = 2: their mean is 2.2083, their variance 0.0868.
    expect(meta.meta.bestScore).toBe(2.625);
    expect(meta.meta.variance).toBe(0.0868);
    expect(meta.minified!.tokens).toBe(400);
  });

  it("compresses with a comment below 1.5x", async () => {
    const { run } = await start({ compress: () => words(1000) });
    const { meta, text } = await run();
    expect(meta.decision).toBe("compressed");
    expect(meta.comment).toMatch(/^low compression due to dense source/u);
    expect(text).toBeDefined();
  });

  it("has no comment from 1.5x on", async () => {
    const { run } = await start({ compress: () => words(800) });
    expect((await run()).meta).toMatchObject({
      decision: "compressed",
      comment: null,
      metrics: { compressionRatio: 1.5 },
    });
  });

  it("repairs once where too little is retained, and takes the repaired brief", async () => {
    const { run, counts, prompts } = await start({
      lost: (_, prompt) => (prompt.includes("repaired") ? [] : [0, 1, 2]),
      repair: () => `${words(440)} repaired`,
    });
    const { meta, text } = await run();
    expect(meta).toMatchObject({
      decision: "compressed",
      metrics: { retentionRatio: 1 },
      meta: { repaired: true, brainCalls: 9 },
    });
    expect(text).toContain("repaired");
    expect(counts).toEqual({ kernels: 1, compress: 3, compare: 4, repair: 1 });
    const { prompt } = prompts.find(({ purpose }) => purpose === "repair")!;
    for (const number of [1, 2, 3]) expect(prompt).toContain(`Always do thing number ${number}.`);
    expect(prompt).not.toContain("Always do thing number 4.");
  });

  it("rejects where the repair does not help either, and writes no compressed brief", async () => {
    const { run, counts } = await start({ lost: () => [0, 1, 2] });
    const { meta, text } = await run();
    expect(meta.decision).toBe("rejected");
    expect(meta.reason).toBe("retention 0.625 < threshold 0.75");
    expect(meta).not.toHaveProperty("minified");
    expect(text).toBeUndefined();
    expect(meta.metrics.kernelsLost).toHaveLength(3);
    expect(counts.repair).toBe(1);
  });

  it("accepts exactly the threshold", async () => {
    const { run, counts } = await start({ lost: () => [0, 1] });
    expect((await run()).meta).toMatchObject({ decision: "compressed", metrics: { retentionRatio: 0.75 } });
    expect(counts.repair).toBe(0);
  });

  it("rejects what has more tokens than its source", async () => {
    const { run } = await start({ compress: () => words(1500) });
    expect((await run()).meta).toMatchObject({ decision: "rejected", reason: expect.stringContaining("more tokens") });
  });

  it("counts what the text says beyond the source", async () => {
    const { run } = await start({ invented: ["Deploy on Fridays."] });
    const { meta } = await run();
    expect(meta.metrics.kernelsInvented).toEqual(["Deploy on Fridays."]);
    expect(meta.minified!.kernels).toBe(9);
  });

  it.each([
    ["[[sitrep-aggressive]]", false, 7],
    ["[[kernelize],[sitrep-aggressive],[telegraphic]]", false, 13],
    ["[[sitrep-aggressive],[telegraphic]]", true, 12],
    ["[[sitrep-aggressive,telegraphic,req-kernels]]", true, 9],
    ["[[sitrep],[offline]]", false, 7],
  ])("asks as often as extraction runs + 3 x passes + 3: %s, stable %s: %i", async (lists, stableKernels, calls) => {
    const { run, settings, prompts } = await start({}, { lists, stableKernels });
    const { meta } = await run();
    expect(standIns.asked()).toHaveLength(calls);
    expect(meta.meta.brainCalls).toBe(calls);
    expect(countBriefCalls({ ...settings, stableKernels })).toBe(calls);
    const injected = prompts.filter(
      ({ purpose, prompt }) => purpose === "compress" && prompt.includes("Always do thing number 5."),
    );
    expect(injected).toHaveLength(lists.includes("req-kernels") ? 3 : 0);
  });

  it("hands each pass what the one before made", async () => {
    const { run, prompts } = await start(
      { compress: (_, prompt) => (prompt.includes("first-pass") ? "second-pass text" : `first-pass ${words(300)}`) },
      { lists: "[[sitrep-aggressive],[telegraphic]]" },
    );
    const { text } = await run();
    expect(text).toBe("second-pass text\n");
    expect(prompts.filter(({ prompt }) => prompt.includes("first-pass"))).toHaveLength(3);
  });

  it("writes three levels, each with its own gate, over one extraction", async () => {
    const { all, counts } = await start({ lost: () => [0, 1] }, { levels: briefLevels });
    const outcomes = await all();
    expect(outcomes.map(({ meta }) => [meta.meta.level, meta.decision])).toEqual([
      ["light", "rejected"],
      ["default", "rejected"],
      ["aggressive", "compressed"],
    ]);
    expect(counts).toEqual({ kernels: 1, compress: 9, compare: 11, repair: 2 });
    expect(outcomes.map(({ meta }) => meta.meta.brainCalls)).toEqual([9, 9, 7]);
  });

  it("warns where three extractions disagree, by meaning and not by words", async () => {
    const same = [
      [
        { category: "rule", text: "Always run the tests before a commit." },
        { category: "rule", text: "Never push to main." },
      ],
      [
        { category: "rule", text: "Always run tests before each commit." },
        { category: "rule", text: "Never push directly to main." },
      ],
      [
        { category: "rule", text: "Before a commit, always run the tests." },
        { category: "rule", text: "Never push to `main`." },
      ],
    ];
    const agreeing = await start({ kernels: (run) => same[run]! }, { stableKernels: true });
    const { meta } = await agreeing.run();
    expect(meta.meta.extraction).toEqual({ extractor: "model", runs: 3, agreement: 1 });
    expect(meta.source.kernels).toBe(2);
    expect(meta.meta.warnings).toEqual([]);
    await client.close();
    await standIns.close();
    const apart = [
      same[0]!,
      [...same[0]!.slice(0, 1), { category: "rule", text: "Use tabs for indentation." }],
      [...same[0]!.slice(0, 1), { category: "rule", text: "Sign off each change." }],
    ];
    const disagreeing = await start({ kernels: (run) => apart[run]! }, { stableKernels: true });
    const other = (await disagreeing.run()).meta;
    // Each two runs share one of three kernels.
    expect(other.meta.extraction.agreement).toBe(0.3333);
    expect(other.meta.warnings).toEqual([expect.stringMatching(/^kernel-disagreement: .*0\.33/u)]);
    expect(other.source.kernels).toBe(1);
  });

  it("leaves out a candidate whose answer is cut or refused, and says so", async () => {
    const { run } = await start({
      compress: (nth) =>
        nth === 0 || nth === 3 ? { end: "length" } : nth === 1 || nth === 4 ? { end: "refusal" } : words(400),
    });
    const { meta } = await run();
    expect(meta.decision).toBe("compressed");
    expect(meta.meta.candidatesEvaluated).toBeGreaterThanOrEqual(1);
    expect(
      meta.meta.candidatesEvaluated + meta.meta.warnings.filter((text) => text.startsWith("candidate-failed")).length,
    ).toBe(3);
  });

  it("fails where every candidate does", async () => {
    const { run } = await start({ compress: () => ({ end: "empty" }) });
    await expect(run()).rejects.toMatchObject({ code: "remote-failed" });
  });

  it("asks once more for kernels that are no JSON", async () => {
    let first = true;
    const { run, counts } = await start({
      kernels: () => {
        if (!first) return concepts;
        first = false;
        return [{ category: "opinion", text: "x" }];
      },
    });
    expect((await run()).meta.meta.brainCalls).toBe(8);
    expect(counts.kernels).toBe(2);
  });

  it("estimates calls and cost before anything is asked", async () => {
    const { settings } = await start({}, { lists: "[[kernelize],[sitrep-aggressive]]" });
    const plan = { ...settings, stableKernels: true };
    const estimate = estimateBrief(source, plan, askProvider(client, model));
    expect(estimate.calls).toBe(12);
    expect(estimate.cost).toBeGreaterThan(0);
    expect(standIns.asked()).toHaveLength(0);
  });

  it("ends when its signal fires", async () => {
    const { run } = await start({}, { signal: AbortSignal.abort() });
    await expect(run()).rejects.toMatchObject({ code: "aborted" });
  });
});
