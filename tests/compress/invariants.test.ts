import fc from "fast-check";
import { expect, test } from "vitest";
import { createTextRules } from "../../src/compress/text/create-text-rules.js";
import { findMissingWords } from "../../src/compress/text/find-missing-words.js";
import { expandAliases, readLegendLine } from "../../src/compress/text/legend.js";
import { findOmissionMarkers, omissionMarker } from "../../src/compress/text/omission-marker.js";
import { stripTerminalCodes } from "../../src/compress/text/strip-terminal-codes.js";
import { loadTokenCounter } from "../../src/engine/tokens/load-token-counter.js";
import { type CompressOptions, type CompressResult, compress } from "../../src/index.js";
import { document, prose } from "./arbitrary-documents.js";

/** The invariants of compress(), each a law over arbitrary documents. RUNS=2000 looks longer. */

const runs = { numRuns: Number(process.env.RUNS ?? 150) };
const limit = { timeout: 60_000 + 200 * runs.numRuns };
const counter = await loadTokenCounter();
const rules = createTextRules({ mustKeep: [], query: undefined });

const rate = fc.constantFrom(0.2, 0.33, 0.5, 0.7, 1);
const dictionary = fc.constantFrom("on", "off", "all");
const options: fc.Arbitrary<CompressOptions> = fc.oneof(
  fc.record({ rate, dictionary }),
  fc.record({ budget: fc.integer({ min: 1, max: 400 }), dictionary }),
  fc.record({ mode: fc.constant("lossless"), dictionary }),
  fc.record({ rate, query: fc.constantFrom("which worker timed out", "load_config", "") }),
);

type Check = (source: string, options: CompressOptions) => Promise<void>;

function law(name: string, text: fc.Arbitrary<string>, check: Check) {
  test(name, limit, () => fc.assert(fc.asyncProperty(text, options, check), runs));
}

/** What is legend-free about a result: the text that the segments wrote. */
function bodyOf({ text, legend }: CompressResult): string {
  const read = Object.keys(legend).length > 0 ? readLegendLine(text) : undefined;
  return read === undefined ? text : expandAliases(read.body, legend);
}

law("the result never has more tokens than the source, and says how many it has", document, async (source, chosen) => {
  const result = await compress(source, chosen);
  expect(result.tokens.original).toBe(counter.count(source));
  expect(result.tokens.compressed).toBe(counter.count(result.text));
  expect(result.tokens.compressed).toBeLessThanOrEqual(result.tokens.original);
  if (result.decision === "unchanged") expect(result.text).toBe(source);
  else expect(result.decision).toBe("compressed");
});

law("the budget is met, or a warning says that the floor is above it", document, async (source, chosen) => {
  if (chosen.mode === "lossless") return;
  const { tokens, warnings } = await compress(source, chosen);
  const budget = chosen.budget ?? Math.floor(chosen.rate! * tokens.original);
  const unreachable = warnings.some(({ code }) => code === "budget-unreachable");
  expect(unreachable).toBe(tokens.compressed > budget);
});

law("the same input gives the same bytes, warm or cold", document, async (source, chosen) => {
  const first = await compress(source, chosen);
  await compress(`${source.slice(0, 40)} something else 17`, chosen);
  const second = await compress(source, chosen);
  expect({ ...second, timings: {} }).toEqual({ ...first, timings: {} });
});

law("with an absolute budget, compressing the result again changes nothing", document, async (source, chosen) => {
  const { rate: _, mode: __, ...rest } = chosen;
  const budgeted = { ...rest, budget: chosen.budget ?? 60 };
  const once = await compress(source, budgeted);
  expect((await compress(once.text, budgeted)).text).toBe(once.text);
});

law("lossless, compressing the result again changes nothing", document, async (source, { dictionary: chosen }) => {
  const lossless = { mode: "lossless", dictionary: chosen ?? "on" } as const;
  const once = await compress(source, lossless);
  expect((await compress(once.text, lossless)).text).toBe(once.text);
});

law("segments cover the source, and omissions lie in them, apart and in order", document, async (source, chosen) => {
  const { segments, text } = await compress(source, chosen);
  let end = 0;
  for (const segment of segments) {
    expect(segment.start).toBe(end);
    expect(segment.end).toBeGreaterThan(segment.start);
    end = segment.end;
    let omittedEnd = segment.start;
    for (const omission of segment.omitted) {
      expect(omission.start).toBeGreaterThanOrEqual(omittedEnd);
      expect(omission.end).toBeGreaterThan(omission.start);
      expect(omission.count).toBeGreaterThan(0);
      omittedEnd = omission.end;
    }
    expect(omittedEnd).toBeLessThanOrEqual(segment.end);
    if (segment.omitted.length > 0) expect(segment.loss).toBe("lossy");
  }
  expect(end).toBe(source.length);
  expect(typeof text).toBe("string");
});

law("what is not reported as omitted is in the text: every must-keep word of it", document, async (source, chosen) => {
  const result = await compress(source, chosen);
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of result.segments.flatMap(({ omitted }) => omitted)) {
    kept.push(source.slice(from, start));
    from = end;
  }
  kept.push(source.slice(from));
  expect(findMissingWords(kept, bodyOf(result), rules.findMustKeep)).toEqual([]);
});

law("every omission of lines, items and the like has its marker in the text", document, async (source, chosen) => {
  const result = await compress(source, { ...chosen, dictionary: "off" });
  const wanted = result.segments
    .flatMap(({ omitted }) => omitted)
    .filter(({ what }) => what !== "words")
    .map(({ count, what }) => omissionMarker(count, what));
  const found = findOmissionMarkers(result.text).map(({ start, end }) => result.text.slice(start, end));
  for (const omission of wanted) {
    const at = found.indexOf(omission);
    expect(at, `${omission} among ${found.join(", ")}`).toBeGreaterThanOrEqual(0);
    found.splice(at, 1);
  }
});

law(
  "lossless, nothing is omitted; and loss none gives the source back byte for byte",
  document,
  async (source, chosen) => {
    const result = await compress(source, { mode: "lossless", dictionary: chosen.dictionary ?? "on" });
    expect(result.segments.flatMap(({ omitted }) => omitted)).toEqual([]);
    expect(result.loss).not.toBe("lossy");
    if (result.loss === "none") expect(bodyOf(result)).toBe(source);
  },
);

const evidenceKey = (line: string) => stripTerminalCodes(line).match(/[\p{L}\p{N}]+/gu) ?? [];

law("evidence never goes", document, async (source, chosen) => {
  const result = await compress(source, chosen);
  const body = bodyOf(result);
  const words = new Set(evidenceKey(body));
  for (const { start, end, kind } of result.segments) {
    if (kind === "prose" || kind === "markdown" || kind === "chat") continue;
    // A line may hold several records or elements, of which only some are evidence.
    const isWholeLine = kind !== "json" && kind !== "html";
    for (const line of source.slice(start, end).split(/\r?\n/)) {
      if (!rules.isEvidence(line)) continue;
      const wanted = evidenceKey(line).filter((word) => isWholeLine || rules.isEvidence(word));
      for (const word of wanted) expect(words, `${word} of ${line}`).toContain(word);
    }
  }
});

law("in prose no must-keep word goes, whatever the budget", prose, async (source, chosen) => {
  const result = await compress(source, { ...chosen, kind: "prose" });
  expect(findMissingWords([source], bodyOf(result), rules.findMustKeep)).toEqual([]);
});

law("the guard finds nothing to do", document, async (source, chosen) => {
  const { warnings } = await compress(source, chosen);
  expect(warnings.filter(({ code }) => code === "guard-restored" || code === "failed-open")).toEqual([]);
});

law(
  "any string at all gives a result",
  fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ maxLength: 400 })),
  async (source, chosen) => {
    const { decision, tokens, warnings } = await compress(source, chosen);
    expect(decision, JSON.stringify(warnings)).not.toBe("failed-open");
    expect(tokens.compressed).toBeLessThanOrEqual(tokens.original);
  },
);

law("what the caller names must stay", document, async (source, chosen) => {
  const result = await compress(source, { ...chosen, mustKeep: ["worker-7", /harbour|billing service/] });
  const body = bodyOf(result);
  for (const name of ["worker-7", "harbour", "billing service"]) {
    if (new RegExp(`(?<!\\w)${name}(?!\\w)`).test(source)) expect(body).toContain(name);
  }
});

test("a separate legend still counts in the budget, and stays out of the text", limit, () =>
  fc.assert(
    fc.asyncProperty(document, rate, async (source, chosen) => {
      const inline = await compress(source, { rate: chosen, dictionary: "all" });
      const separate = await compress(source, { rate: chosen, dictionary: "all", legend: "separate" });
      expect(separate.tokens.compressed).toBe(inline.tokens.compressed);
      expect(separate.legend).toEqual(inline.legend);
      if (separate.preamble !== undefined) expect(`${separate.preamble}\n${separate.text}`).toBe(inline.text);
      else expect(separate.text).toBe(inline.text);
    }),
    runs,
  ),
);
