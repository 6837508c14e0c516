import { createHash } from "node:crypto";
import { hashShingles } from "../../records/hash-shingles.js";
import { NearDuplicates } from "../../records/min-hash.js";
import type { CorpusText, LeftOut } from "../corpus/corpus-text.js";

/** One pair to make. */
export interface Job {
  /** The same text, rate, model and prompts have the same id, in every run. */
  readonly id: string;
  readonly text: CorpusText;
  readonly rate: number;
  /** Tokens of the text, and the most that its compressed form is asked to have. */
  readonly tokens: number;
  readonly target: number;
}

export interface PlanOptions {
  readonly rates: readonly number[];
  /** Texts, not jobs. */
  readonly limit: number | undefined;
  /** The similarity from which on two texts count as one. */
  readonly nearDuplicates: number;
  /** What the answers depend on beside the text: the model and the prompts. */
  readonly variant: string;
  readonly count: (text: string) => number;
  readonly onLeftOut: (reason: LeftOut) => void;
}

/** Words of the shingles by which near-duplicates are found. */
const shingleWords = 5;

/**
 * Makes jobs of a corpus: without texts that are there already, or nearly so, and in an order that depends on the texts alone and mixes the
 * corpus, so that a limit takes an even sample of it.
 */
export async function planJobs(texts: AsyncIterable<CorpusText>, options: PlanOptions): Promise<Job[]> {
  const seen = new Set<string>();
  const near = new NearDuplicates(options.nearDuplicates);
  const kept: { digest: string; text: CorpusText }[] = [];
  for await (const text of texts) {
    const digest = digestOf(text.text.trim());
    const isRepeated = seen.has(digest);
    seen.add(digest);
    if (isRepeated) options.onLeftOut("duplicate");
    else if (near.findOrKeep(hashShingles(text.text, shingleWords)) !== undefined) options.onLeftOut("near-duplicate");
    else kept.push({ digest, text });
  }
  kept.sort((a, b) => (a.digest < b.digest ? -1 : 1));
  return kept.slice(0, options.limit).flatMap(({ text }) => jobsOf(text, options));
}

function jobsOf(text: CorpusText, { rates, variant, count }: PlanOptions): Job[] {
  const tokens = count(text.text.trim());
  return rates.map((rate) => {
    const id = digestOf(JSON.stringify([text.text.trim(), text.domain, rate, variant])).slice(0, 24);
    return { id, text, rate, tokens, target: Math.max(1, Math.floor(rate * tokens)) };
  });
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
