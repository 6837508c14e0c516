import { createHash } from "node:crypto";
import * as z from "zod";
import { kernelSchema } from "../kernels/kernel.js";
import type { Pipeline } from "../methodologies/parse-pipeline.js";

/** One line of an evaluation's file: a brief's kernels, or one compression of it. */
export const perfevalRecord = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("kernels"),
    key: z.string(),
    brief: z.string(),
    tokens: z.number().int(),
    kernels: z.array(kernelSchema),
    cost: z.number().nullable(),
  }),
  z.object({
    type: z.literal("trial"),
    key: z.string(),
    brief: z.string(),
    pipeline: z.string(),
    run: z.number().int(),
    tokens: z.number().int(),
    ratio: z.number(),
    retention: z.number(),
    /** Tokens of the source a kernel. */
    density: z.number(),
    cost: z.number().nullable(),
    /** Set where the compression failed; the numbers are then 0. */
    error: z.string().optional(),
  }),
]);
export type PerfevalRecord = z.infer<typeof perfevalRecord>;
export type KernelsRecord = Extract<PerfevalRecord, { type: "kernels" }>;
export type Trial = Extract<PerfevalRecord, { type: "trial" }>;

/** `[[kernelize],[telegraphic]]`. */
export function writePipeline(pipeline: Pipeline): string {
  return `[${pipeline.map((pass) => `[${pass.map(({ name }) => name).join(",")}]`).join(",")}]`;
}

/** What a trial's outcome depends on: another brief, brain, prompt or run is another trial. */
export function keyOfTrial(source: string, slug: string, pipeline: Pipeline, run: number): string {
  return hash([source, slug, JSON.stringify(pipeline), String(run)]);
}

/** What a brief's kernels depend on. */
export function keyOfKernels(source: string, slug: string): string {
  return hash([source, slug]);
}

function hash(parts: readonly string[]): string {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(`${part.length}:${part}`);
  return digest.digest("hex").slice(0, 32);
}
