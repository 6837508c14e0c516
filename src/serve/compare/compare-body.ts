import { z } from "zod";
import type { CompressOptions } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import { optionFields, readOptions } from "../api/compress-fields.js";
import { parseBody } from "../api/parse-body.js";

const { legend: _legend, target: _target, ...compressFields } = optionFields;

/** The body of POST /api/compare. */
export const compareBodySchema = z.strictObject({
  model: z
    .string()
    .min(1)
    .max(200)
    .nullish()
    .meta({ description: "A model of GET /api/config; its default where none is named." }),
  system_prompt: z.string().nullish(),
  user_prompt: z.string().min(1).meta({ description: "The prompt to compress." }),
  question: z
    .string()
    .max(20_000)
    .nullish()
    .meta({ description: "Put after the prompt, in both requests, and never compressed." }),
  max_tokens: z
    .int()
    .min(1)
    .max(32_000)
    .nullish()
    .meta({ description: "Most tokens of each answer; 1024 by default." }),
  adaptive: z
    .boolean()
    .nullish()
    .meta({ description: "Whether density and feedback move the rate, and this answer's quality is feedback." }),
  shape_output: z.boolean().nullish().meta({ description: "Whether the compact request asks for a concise answer." }),
  ...compressFields,
});

/** What a comparison is of. */
export interface CompareTask {
  readonly model: string;
  readonly system: string | undefined;
  readonly prompt: string;
  readonly question: string | undefined;
  readonly maxTokens: number;
  readonly isAdaptive: boolean;
  readonly shapesOutput: boolean;
  readonly options: CompressOptions;
}

/** @throws {BrevisError} `invalid-input` and `invalid-option`, naming the field */
export function readCompareBody(body: unknown, defaultModel: string | undefined): CompareTask {
  const { model, system_prompt, user_prompt, question, max_tokens, adaptive, shape_output, ...fields } = parseBody(
    compareBodySchema,
    body,
  );
  const asked = model ?? defaultModel;
  if (asked === undefined) {
    throw new BrevisError("model-missing", "Expected the key of a provider in the environment but found none.", {
      hint: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY, or describe a server of your own.",
    });
  }
  const options = { ...readOptions(fields), target: asked, legend: "separate" as const };
  return {
    model: asked,
    system: system_prompt ?? undefined,
    prompt: user_prompt,
    question: question ?? undefined,
    maxTokens: max_tokens ?? 1024,
    isAdaptive: adaptive ?? false,
    shapesOutput: shape_output ?? false,
    options,
  };
}
