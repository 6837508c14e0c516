import { chooseDomain, isSuited } from "../../compress/abstractive/choose-domain.js";
import { BrevisError } from "../../errors.js";
import type { Pair } from "../../records/pair.js";
import type { CapturedInput } from "../captured-input.js";
import { cutInput } from "./cut-input.js";
import { measureCoverage } from "./measure-coverage.js";
import type { Teacher } from "./teacher.js";

/** How pairs are proposed. */
export interface ProposeOptions {
  readonly teacher: Teacher;
  readonly rate: number;
  /** References with less of their text's must-keep words are dropped. */
  readonly leastCoverage: number;
  /** Shorter texts are passed over, longer ones cut. */
  readonly tokens: { readonly fewest: number; readonly most: number };
  /** Counts tokens of `o200k_base`. */
  readonly count: (text: string) => number;
  /** Whether a pair of this id was proposed before. */
  readonly isKnown: (id: string) => boolean;
  readonly created: string;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one text, or of a piece of it. */
export type Proposal =
  | { readonly pair: Pair }
  /** `coverage`: too many must-keep words were lost; `useless`: it saves nothing; else what the teacher said. */
  | { readonly dropped: string; readonly id: string }
  | { readonly passed: "known" | "short" | "long"; readonly id: string };

/** Of a proposal, the largest share of its text's tokens: what is no shorter teaches nothing. */
const largestRate = 0.95;

/**
 * Proposes training pairs of captured texts: each text, and a reference that a teacher writes. References that lost more of the must-keep words than
 * is allowed are dropped, whoever wrote them.
 *
 * @throws {BrevisError} what ends the teacher's work: no key, no model, over budget, `aborted`
 */
export async function* proposePairs(
  inputs: AsyncIterable<CapturedInput>,
  options: ProposeOptions,
): AsyncGenerator<Proposal> {
  for await (const input of inputs) {
    const pieces = cutInput(input, options.tokens.most, options.count);
    for (const [index, piece] of pieces.entries()) {
      options.signal?.throwIfAborted();
      const id = pieces.length === 1 ? `captured-${input.id}` : `captured-${input.id}-${index + 1}`;
      yield await proposePair(id, piece.trim(), input, options);
    }
  }
}

async function proposePair(id: string, text: string, input: CapturedInput, options: ProposeOptions): Promise<Proposal> {
  const { teacher, rate, tokens, count, signal } = options;
  if (options.isKnown(id)) return { passed: "known", id };
  const size = count(text);
  if (size < tokens.fewest) return { passed: "short", id };
  // No border to cut at was found.
  if (size > 2 * tokens.most) return { passed: "long", id };
  const domain = domainOf(input.kind, text);
  const target = Math.max(1, Math.floor(rate * size));
  const reference = await teacher.shorten({ text, domain, rate, target, signal });
  if ("failed" in reference) return { dropped: reference.failed, id };
  return judge({ id, domain, text, size, compressed: reference.text.trim() }, input, options);
}

function judge(
  proposed: { id: string; domain: Pair["domain"]; text: string; size: number; compressed: string },
  input: CapturedInput,
  { teacher, rate, leastCoverage, count, created }: ProposeOptions,
): Proposal {
  const { id, domain, text, size, compressed } = proposed;
  const tokens = { verbose: size, compressed: count(compressed) };
  if (tokens.compressed === 0 || tokens.compressed > largestRate * size) return { dropped: "useless", id };
  const { share: coverage } = measureCoverage(text, compressed);
  if (coverage < leastCoverage) return { dropped: "coverage", id };
  const provenance = {
    source: "captured",
    document: `captured-${input.id}`,
    model: teacher.name,
    ...(teacher.prompt === undefined ? {} : { prompt: teacher.prompt }),
    created,
  };
  const scores = { coverage: round(coverage), rate: round(tokens.compressed / size) };
  return {
    pair: { id, domain, source: `captured/${input.kind}`, verbose: text, compressed, rate, tokens, provenance, scores },
  };
}

/** Logs, JSON and the like are what agents read: text with code and data in it. */
function domainOf(kind: CapturedInput["kind"], text: string): Pair["domain"] {
  if (kind === "mixed") return chooseDomain("prose", text);
  return isSuited(kind) ? chooseDomain(kind, text) : "mixed";
}

function round(share: number): number {
  return Math.round(1000 * share) / 1000;
}

/** The ids of pairs in a file that may not be there yet. @throws {BrevisError} `invalid-input` for a file of something else */
export async function readKnownIds(pairs: AsyncIterable<{ readonly id: string }>): Promise<Set<string>> {
  const known = new Set<string>();
  try {
    for await (const { id } of pairs) known.add(id);
  } catch (error) {
    if (!(error instanceof BrevisError) || error.code !== "input-not-found") throw error;
  }
  return known;
}
