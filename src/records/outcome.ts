import { z } from "zod";

/** What a model is asked to do with a text: answer a question, draw conclusions, write code. */
export const taskKinds = ["qa", "reasoning", "code"] as const;
export type TaskKindName = (typeof taskKinds)[number];

/** One task that a pair may bring along. */
export const pairTaskSchema = z.object({
  task: z.enum(taskKinds),
  question: z.string().min(1),
  /** The known answer of a question. */
  expected: z.string().min(1).optional(),
  /** Statements that follow the code and fail where it is wrong, in its language. */
  tests: z.string().min(1).optional(),
  /** The programming language of the code. */
  language: z.string().min(1).optional(),
});
export type PairTask = z.infer<typeof pairTaskSchema>;

const answerSchema = z.object({
  text: z.string(),
  end: z.enum(["stop", "length", "refused", "empty"]),
  /** Tokens as the provider counted them. */
  tokens: z.object({ input: z.number(), output: z.number() }),
  /** US dollars; absent without a price. */
  cost: z.number().optional(),
  /** Milliseconds; 0 from the cache. */
  latency: z.number(),
  cached: z.boolean(),
});
/** What a model answered with one of the two texts. */
export type OutcomeAnswer = z.infer<typeof answerSchema>;

/** What became of one cell, pair x model x task: the model's answers with the verbose and with the compressed text, compared. */
export const outcomeSchema = z.object({
  /** Names the cell: the same key is the same texts, model, task and settings. */
  key: z.string().min(1),
  pair: z.string().min(1),
  document: z.string().min(1),
  domain: z.string().min(1),
  /** What made the compressed text, where several are compared. */
  compressor: z.string().min(1).optional(),
  model: z.string().min(1),
  task: z.enum(taskKinds),
  /** Which of the pair's tasks, from 0. */
  index: z.int().nonnegative(),
  verbose: answerSchema,
  compressed: answerSchema,
  /** What each scorer said, 0..1. */
  scores: z.record(z.string(), z.number()),
  /** 0..1; absent where the answers could not be compared, for which `reasons` says why. */
  score: z.number().optional(),
  equivalent: z.boolean(),
  /** US dollars of the judge's calls. */
  judgeCost: z.number().optional(),
  reasons: z.array(z.string()),
});
export type Outcome = z.infer<typeof outcomeSchema>;
