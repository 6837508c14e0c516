import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openOfflineBrain } from "../../../src/briefs/brain/open-offline-brain.js";
import { type BriefOutcome, compressBrief } from "../../../src/briefs/compress-brief.js";
import { cutCore } from "../../../src/briefs/kernels/cut-core.js";
import { briefLevels, singleLevel } from "../../../src/briefs/levels.js";
import { loadMethodologies } from "../../../src/briefs/methodologies/load-methodologies.js";
import { parsePipeline } from "../../../src/briefs/methodologies/parse-pipeline.js";
import { compressOffline } from "../../../src/briefs/offline/compress-offline.js";
import { shortenSentence } from "../../../src/briefs/offline/shorten-sentence.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";

const root = join(import.meta.dirname, "..", "..", "..");
const fixtures = join(root, "tests", "fixtures", "briefs");
const counter = await loadTokenCounter();
const pipeline = parsePipeline("[[offline]]", await loadMethodologies());

async function compressOne(source: string, levels = [singleLevel()]): Promise<BriefOutcome[]> {
  return compressBrief(source, { brain: openOfflineBrain(), pipeline, levels, counter });
}

/** Briefs of this repository, and instructions that packages bring for agents and contributors. */
const foundBriefs = [
  "CONTRIBUTING.md",
  "docs/adding-a-reducer.md",
  "node_modules/playwright-core/lib/tools/skills/playwright-component-testing/SKILL.md",
  "node_modules/playwright-core/lib/tools/skills/playwright-component-testing/references/migration.md",
  "node_modules/playwright-core/lib/tools/skills/playwright-cli/references/test-generation.md",
  "node_modules/pino/SECURITY.md",
  "node_modules/thread-stream/SECURITY.md",
  "node_modules/node-api-headers/CREATING_A_RELEASE.md",
];

const ownBriefs = readdirSync(fixtures).map((name) => `tests/fixtures/briefs/${name}`);

describe("a brief compressed without a model", () => {
  it.each(foundBriefs)("%s: 1.8 times fewer tokens, every kernel retained", async (path) => {
    const [outcome] = await compressOne(readFileSync(join(root, path), "utf8"));
    const { metrics, kernels } = outcome!.meta;
    expect(kernels.filter(({ lost }) => lost !== undefined)).toEqual([]);
    expect(metrics.retentionRatio).toBe(1);
    expect(metrics.compressionRatio).toBeGreaterThanOrEqual(1.8);
    // What two measures that it does not aim at say beside it.
    expect(metrics.mustKeepRecall).toBeGreaterThan(0.55);
    expect(metrics.keySentenceRetention).toBeGreaterThan(0.25);
  });

  // Of some, nearly every sentence is a rule.
  it.each(ownBriefs)("%s: every kernel retained", async (path) => {
    const [outcome] = await compressOne(readFileSync(join(root, path), "utf8"));
    const { metrics, kernels } = outcome!.meta;
    expect(kernels.filter(({ lost }) => lost !== undefined)).toEqual([]);
    expect(metrics.compressionRatio).toBeGreaterThanOrEqual(1.75);
    expect(metrics.kernelsInvented).toEqual([]);
    expect(metrics.mustKeepRecall).toBeGreaterThan(0.6);
  });

  it("writes the same whatever was compressed before, and loses nothing more when compressed again", async () => {
    const source = readFileSync(join(fixtures, "web-shop.md"), "utf8");
    const first = (await compressOne(source))[0]!.text!;
    await compressOne("# Other\n\nNever do this.\n");
    expect((await compressOne(source))[0]!.text).toBe(first);
    const [again] = await compressOne(first);
    expect(again!.meta.metrics.retentionRatio).toBe(1);
  });

  it("has three levels of falling size", async () => {
    const source = readFileSync(join(fixtures, "parser-contributing.md"), "utf8");
    const outcomes = await compressOne(source, [...briefLevels]);
    const tokens = outcomes.map(({ meta }) => meta.minified?.tokens ?? 0);
    expect(tokens[0]).toBeGreaterThan(tokens[1]!);
    expect(tokens[1]).toBeGreaterThan(tokens[2]!);
    expect(outcomes.map(({ meta }) => meta.decision)).toEqual(["compressed", "compressed", "compressed"]);
    for (const { level, meta } of outcomes) expect(meta.metrics.retentionRatio).toBeGreaterThanOrEqual(level.threshold);
  });

  it("leaves a brief that is all kernels as it is, with a comment", async () => {
    const source = "- Use tabs.\n- Never push.\n";
    const [outcome] = await compressOne(source);
    expect(outcome!.meta).toMatchObject({ decision: "compressed", metrics: { retentionRatio: 1 } });
    expect(outcome!.meta.comment).toMatch(/low compression/u);
  });

  it.each([
    [
      "German",
      "# Regeln\n\nBitte führe die Tests immer aus, bevor du etwas hochlädst.\n\n- Passwörter niemals in Dateien schreiben.\n- Höchstens 30 Zeilen je Funktion.\n\nViele Grüße und vielen Dank für deine Hilfe bei diesem schönen Projekt, an dem wir schon lange arbeiten.\n",
    ],
    [
      "Japanese",
      "# 規則\n\n必ずテストを実行してください。\n\n- 秘密情報をコミットしないこと。\n- 関数は30行以内にすること。\n",
    ],
    [
      "Russian",
      "# Правила\n\nВсегда запускайте тесты перед отправкой.\n\n- Никогда не храните пароли в файлах.\n- Не более 30 строк на функцию.\n",
    ],
  ])("keeps every item of a brief in %s, word for word", async (_, source) => {
    const [outcome] = await compressOne(source);
    expect(outcome!.meta).toMatchObject({ decision: "compressed", metrics: { retentionRatio: 1 } });
    for (const item of source.matchAll(/^- (.+?)[.。]?$/gmu)) expect(outcome!.text).toContain(item[1]);
  });

  it("reads a brief that is parsed in pieces", () => {
    const source = readFileSync(join(fixtures, "incident-runbook.md"), "utf8");
    const parts = Array.from({ length: 20 }, (_, part) => source.replaceAll("incident", `incident${part}`));
    const text = compressOffline(parts.join("\n"), { ratio: 2.25, kernelShare: 1 }, counter);
    for (const part of parts.keys()) expect(text).toContain(`incident${part} `);
    expect(counter.count(text)).toBeLessThan(counter.count(parts.join("\n")) / 1.8);
  });

  it("gives a result for any text", () => {
    const piece = fc.constantFrom(
      "# A",
      "- b",
      "1. c",
      "```",
      "`x",
      "| a | b |\n|---|---|\n| c | d |",
      "**",
      "(",
      "<!--",
      "<b>",
      "---",
      "must not",
      "e.g. ",
      ";",
      "\u0000",
      "\ud800",
      "日本",
      "[a](b)",
      "\n",
      "\n\n",
      " ",
      "Never do 10.",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 40 }),
        fc.constantFrom(1, 2, 4),
        (pieces, ratio) => {
          const source = pieces.join(" ");
          const text = compressOffline(source, { ratio, kernelShare: 1 }, counter);
          expect(counter.count(text)).toBeLessThanOrEqual(counter.count(source));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("cutCore", () => {
  it.each([
    ["Use tabs, because editors differ.", "Use tabs"],
    ["In short, never push to main, since it bypasses the review.", "never push to main"],
    [
      "If it fails because the cache is stale, clear the cache.",
      "If it fails because the cache is stale, clear the cache.",
    ],
    ["Call `a (b)` once (it is slow).", "Call `a (b)` once."],
    ["Wait (at most 30 s) for it.", "Wait (at most 30 s) for it."],
    ['Do not use words such as "simply" or "just".', 'Do not use words such as "simply" or "just".'],
    ["Run the checks, which must never be skipped.", "Run the checks, which must never be skipped."],
    [
      "Never write a key into a file, a commit, a log, a ticket, a message or a test report of ours.",
      "Never write a key into a file, a commit, a log, a ticket, a message or a test report of ours.",
    ],
  ])("%s", (statement, core) => {
    expect(cutCore(statement)).toBe(core);
  });
});

describe("shortenSentence", () => {
  it.each([
    ["Please make sure that you always run the tests.", "ensure always run tests"],
    ["The value is not set in the file.", "value not set in file"],
    ["You must not use `the cache` here.", "must not use `the cache` here"],
    ["Plan A is the one that we use.", "Plan A one that we use"],
    ["You do not have to ask, but you may have to wait.", "needn't ask, but may have to wait"],
    ["We have to rotate the keys.", "must rotate keys"],
    ["Fix the bugs that you do not understand.", "Fix bugs that you do not understand"],
    ["It will not start.", "It will not start"],
    ['Write "the user is here" as it is.', 'Write "the user is here" as it is'],
    ["Use a, b, and c.", "Use a, b, c"],
    ["Open ./docs of the project.", "Open ./docs of project"],
  ])("%s", (sentence, short) => {
    expect(shortenSentence(sentence)).toBe(short);
  });
});
