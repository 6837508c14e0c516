import fc from "fast-check";
import { expect, test } from "vitest";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";
import { findMissingWords } from "../../../src/compress/text/find-missing-words.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { type CompressOptions, compress, compressStream } from "../../../src/index.js";
import { document, prose } from "../arbitrary-documents.js";
import { hostileTexts } from "../reduce/hostile-texts.js";
import { type Script, scriptModel } from "./scripted-model.js";

/** The invariants of abstractive mode, over arbitrary documents and a model that may write anything. RUNS=2000 looks longer. */

const runs = { numRuns: Number(process.env.RUNS ?? 40) };
const limit = { timeout: 60_000 + 400 * runs.numRuns };
const counter = await loadTokenCounter();
const rules = createTextRules({ mustKeep: [], query: undefined });

const everyOther = (text: string, step: number) =>
  text
    .split(" ")
    .filter((_, index) => index % step !== 0)
    .join(" ");

/** How a model may answer: well, badly, in part, not at all. */
const manners: fc.Arbitrary<Script> = fc.oneof(
  fc.integer({ min: 2, max: 6 }).map((step) => (({ text }) => everyOther(text, step)) as Script),
  fc.integer({ min: 1, max: 200 }).map((most) => (({ text }) => text.slice(0, most)) as Script),
  fc.constant<Script>(({ text }) => text),
  fc.constant<Script>(({ text }) => `${text} ${text}`),
  fc.constant<Script>(({ text }) =>
    rules
      .findMustKeep(text)
      .map(({ start, end }) => text.slice(start, end))
      .join(" "),
  ),
  fc.string({ unit: "grapheme", maxLength: 300 }).map((answer) => (() => answer) as Script),
  fc.constant<Script>(() => {
    throw new Error("the model broke");
  }),
);

const options: fc.Arbitrary<CompressOptions> = fc.oneof(
  fc.record({ rate: fc.constantFrom(0.3, 0.5, 0.7, 1) }),
  fc.record({ budget: fc.integer({ min: 1, max: 400 }) }),
);

function law(
  name: string,
  text: fc.Arbitrary<string>,
  check: (source: string, script: Script, chosen: CompressOptions) => Promise<void>,
) {
  test(name, limit, () => fc.assert(fc.asyncProperty(text, manners, options, check), runs));
}

const run = (source: string, script: Script, chosen: CompressOptions) =>
  compress(source, { ...chosen, mode: "abstractive", model: scriptModel(script) });

law(
  "never more tokens than the source, and the budget is met or warned of",
  document,
  async (source, script, chosen) => {
    const { tokens, text, warnings, decision } = await run(source, script, chosen);
    expect(decision).not.toBe("failed-open");
    expect(tokens.compressed).toBe(counter.count(text));
    expect(tokens.compressed).toBeLessThanOrEqual(tokens.original);
    const budget = chosen.budget ?? Math.floor(chosen.rate! * tokens.original);
    expect(warnings.some(({ code }) => code === "budget-unreachable")).toBe(tokens.compressed > budget);
  },
);

law("must-keep words of what was rewritten survive", prose, async (source, script, chosen) => {
  const { text, segments } = await run(source, script, chosen);
  const whole = segments.filter(({ omitted, rewritten }) => rewritten || omitted.every(({ what }) => what === "words"));
  const originals = whole.map(({ start, end }) => source.slice(start, end));
  expect(findMissingWords(originals, text, rules.findMustKeep)).toEqual([]);
});

law("segments cover the source, and a rewritten one is one omission", document, async (source, script, chosen) => {
  const { segments } = await run(source, script, chosen);
  let end = 0;
  for (const segment of segments) {
    expect(segment.start).toBe(end);
    end = segment.end;
    if (!segment.rewritten) continue;
    const { start } = segment;
    expect(segment).toMatchObject({ loss: "lossy", omitted: [{ start, end, what: "passages", count: 1 }] });
  }
  expect(end).toBe(source.length);
});

law(
  "the same model gives the same bytes, and the stream gives them in pieces",
  document,
  async (source, script, chosen) => {
    const first = await run(source, script, chosen);
    const stream = compressStream(source, { ...chosen, mode: "abstractive", model: scriptModel(script) });
    let streamed = "";
    for await (const piece of stream) streamed += piece;
    expect(streamed).toBe(first.text);
    expect({ ...(await stream.result), timings: {} }).toEqual({ ...first, timings: {} });
  },
);

test("texts and answers that break what trusts them give a result", limit, async () => {
  const source =
    "It was said in the meeting that the old house on the hill would be sold to somebody from far away. ".repeat(4);
  for (const text of hostileTexts) {
    const asAnswer = await run(source, () => text, { rate: 0.5 });
    const asSource = await run(`${source}\n${text}`, ({ text: asked }) => everyOther(asked, 3), { rate: 0.5 });
    expect([asAnswer.decision, asSource.decision], JSON.stringify(text)).not.toContain("failed-open");
  }
});
