import { createHash } from "node:crypto";
import { createTextRules } from "../../compress/text/create-text-rules.js";
import { findMissingWords } from "../../compress/text/find-missing-words.js";
import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import type { BriefBrain, Spent } from "../brain/brief-brain.js";
import { measureKeySentences } from "../kernels/measure-key-sentences.js";
import type { FoundKernels } from "../kernels/stabilize-kernels.js";
import type { BriefLevel } from "../levels.js";
import { namesOfPipeline, type Pipeline } from "../methodologies/parse-pipeline.js";
import { commentOutcome } from "../select/describe-density.js";
import type { Candidate } from "../select/grade-candidate.js";
import type { BriefMeta } from "./brief-meta.js";

/** All that a meta tells of. */
export interface MetaFacts {
  readonly source: string;
  readonly found: FoundKernels;
  readonly best: Candidate;
  readonly accepted: boolean;
  readonly variance: number;
  readonly level: BriefLevel;
  readonly pipeline: Pipeline;
  readonly brain: BriefBrain;
  readonly counter: TokenCounter;
  readonly isRepaired: boolean;
  readonly spent: Spent;
  /** Candidates that did not fail. */
  readonly evaluated: number;
  readonly warnings: readonly string[];
}

/** Puts the facts of an outcome into the form of its file. */
export function createMeta(facts: MetaFacts): BriefMeta {
  const { source, found, best, accepted, level } = facts;
  const { retained, lost, invented } = best.comparison;
  const sourceSide = describeSide(source, facts.counter.count(source), found.kernels.length);
  const minified = describeSide(best.text, best.tokens, retained.length + invented.length);
  const reasons = new Map(lost.map(({ kernel, reason }) => [kernel.id, reason]));
  return {
    decision: accepted ? "compressed" : "rejected",
    reason: accepted ? null : explainRejection(best, level),
    comment: accepted ? commentOutcome(best.ratio, sourceSide.density) : null,
    source: sourceSide,
    ...(accepted ? { minified } : {}),
    metrics: {
      compressionRatio: round(best.ratio),
      retentionRatio: round(best.retention),
      kernelsRetained: retained.map(({ id }) => id),
      kernelsLost: lost.map(({ kernel }) => kernel.id),
      kernelsInvented: [...invented],
      mustKeepRecall: round(measureRecall(source, best.text)),
      keySentenceRetention: round(measureKeySentences(source, best.text).retention),
    },
    meta: describeRun(facts),
    kernels: found.kernels.map(({ id, category, text }) => {
      const reason = reasons.get(id);
      return { id, category, text, ...(reason === undefined ? {} : { lost: reason }) };
    }),
  };
}

function describeRun({
  found,
  best,
  variance,
  level,
  pipeline,
  brain,
  counter,
  isRepaired,
  spent,
  evaluated,
  warnings,
}: MetaFacts): BriefMeta["meta"] {
  const passes = namesOfPipeline(pipeline);
  return {
    candidatesEvaluated: evaluated,
    bestScore: round(best.score),
    variance: round(variance),
    methodology: [...new Set(passes.flat())],
    brainSlug: brain.slug,
    pipeline: passes,
    threshold: level.threshold,
    level: level.name,
    tokenizer: counter.tokenizer,
    extraction: {
      extractor: brain.extractor,
      runs: found.runs,
      agreement: found.agreement === null ? null : round(found.agreement),
    },
    repaired: isRepaired,
    brainCalls: spent.calls,
    cost: spent.cost === null ? null : Number(spent.cost.toFixed(6)),
    warnings: [...warnings],
  };
}

function describeSide(text: string, tokens: number, kernels: number): BriefMeta["source"] {
  // A text without kernels is all density: there is nothing that its tokens are about.
  const density = Math.round((kernels === 0 ? tokens : tokens / kernels) * 10) / 10;
  return { sha256: hashText(text), tokens, kernels, density };
}

function explainRejection({ retention, ratio }: Candidate, { threshold }: BriefLevel): string {
  return retention < threshold
    ? `retention ${round(retention)} < threshold ${threshold}`
    : `the best candidate has more tokens than the source (ratio ${round(ratio)})`;
}

const rules = createTextRules({ mustKeep: [], query: undefined });

/** The share of a source's must-keep words, each counted as often as it stands there, that a text has. */
function measureRecall(source: string, text: string): number {
  const words = rules.findMustKeep(source).length;
  return words === 0 ? 1 : 1 - findMissingWords([source], text, rules.findMustKeep).length / words;
}

/** SHA-256 of a text's bytes in UTF-8, in hexadecimal. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** To four decimals: more say nothing, and fewer would alter products of ratio and retention. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
