import { describe, expect, it } from "vitest";
import type { CorpusText, LeftOut } from "../../../src/generate/corpus/corpus-text.js";
import { type PlanOptions, planJobs } from "../../../src/generate/pairs/plan-jobs.js";
import { inOrder } from "../../records/make-pair.js";
import { makeTexts } from "../make-texts.js";

const toText = (text: string): CorpusText => ({ text, domain: "nl", source: "tests", document: "d" });

async function plan(texts: readonly CorpusText[], over: Partial<PlanOptions> = {}) {
  const left: LeftOut[] = [];
  const jobs = await planJobs(inOrder(texts), {
    rates: [0.5],
    limit: undefined,
    nearDuplicates: 0.8,
    variant: "model and prompts",
    count: (text) => text.length,
    onLeftOut: (reason) => void left.push(reason),
    ...over,
  });
  return { jobs, left };
}

describe("planJobs", () => {
  const texts = makeTexts(40).map(toText);

  it("asks for texts once that are there twice, or nearly", async () => {
    const [first, second] = texts as [CorpusText, CorpusText];
    const { jobs, left } = await plan([first, toText(`${first.text}\n`), second, toText(`${second.text} Indeed.`)]);
    expect(jobs.map(({ text }) => text).sort((a) => (a === first ? -1 : 1))).toEqual([first, second]);
    expect(left.sort()).toEqual(["duplicate", "near-duplicate"]);
  });

  it("has an order and ids that depend on the texts alone, and samples evenly", async () => {
    const { jobs } = await plan(texts);
    const reversed = await plan([...texts].reverse());
    expect(reversed.jobs).toEqual(jobs);
    const { jobs: few } = await plan(texts, { limit: 10 });
    expect(few).toEqual(jobs.slice(0, 10));
    expect(new Set(few.map(({ text }) => Math.floor(texts.indexOf(text) / 10))).size).toBeGreaterThan(2);
  });

  it("asks at each rate, with ids that change with the rate, the model and the prompts", async () => {
    const one = texts.slice(0, 1);
    const { jobs } = await plan(one, { rates: [0.3, 0.6] });
    expect(jobs.map(({ rate, target, tokens }) => [rate, target / tokens])).toEqual([
      [0.3, expect.closeTo(0.3, 2)],
      [0.6, expect.closeTo(0.6, 2)],
    ]);
    const other = await plan(one, { rates: [0.3], variant: "other prompts" });
    expect(new Set([...jobs, ...other.jobs].map(({ id }) => id)).size).toBe(3);
  });
});
