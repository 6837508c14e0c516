import { z } from "zod";

const dollars = z.number().nonnegative();
const tokens = z.int().positive();

const rates = { input: dollars, output: dollars, cacheRead: dollars.optional(), cacheWrite: dollars.optional() };

/** US dollars for a million tokens. `long` holds for requests whose input is longer than `above` tokens. */
export const priceSchema = z.strictObject({ ...rates, long: z.strictObject({ above: tokens, ...rates }).optional() });
export type Price = z.infer<typeof priceSchema>;

const abilities = {
  price: priceSchema.optional(),
  temperature: z.boolean().default(true),
  jsonSchema: z.boolean().default(true),
  reasoning: z.strictObject({ allowance: z.int().nonnegative(), effort: z.string().optional() }).optional(),
};

/** One model of a provider. */
export const modelSchema = z.strictObject({
  provider: z.enum(["anthropic", "openai", "google"]),
  /** The name that the provider knows it by, where that is not the slug. */
  name: z.string().min(1).optional(),
  context: tokens,
  maxOutput: tokens,
  /** OpenAI has two: Responses, and the older Chat Completions. */
  api: z.enum(["responses", "chat"]).default("responses"),
  count: z.enum(["endpoint", "estimate"]).default("endpoint"),
  ...abilities,
});

/** A server of the user's own that speaks OpenAI's Chat Completions. */
export const serverSchema = z.strictObject({
  baseUrl: z.url(),
  model: z.string().min(1),
  /** The environment variable that holds its key. */
  key: z.string().min(1).optional(),
  context: tokens.default(32_768),
  maxOutput: tokens.default(8192),
  ...abilities,
  jsonSchema: z.boolean().default(false),
});
export type Server = z.infer<typeof serverSchema>;

/** What a provider is sent at once, and in a minute, by one process. */
const limitsSchema = z.strictObject({
  concurrency: z.int().positive().default(8),
  tokensPerMinute: tokens.optional(),
});
export type ProviderLimits = z.infer<typeof limitsSchema>;

/** configs/models.yaml. */
export const registrySchema = z.strictObject({
  defaults: z.partialRecord(z.enum(["anthropic", "openai", "google"]), z.string()).default({}),
  providers: z.partialRecord(z.enum(["anthropic", "openai", "google", "compatible"]), limitsSchema).default({}),
  models: z.record(z.string(), modelSchema).default({}),
  servers: z.record(z.string(), serverSchema).default({}),
});
export type RegistryFile = z.infer<typeof registrySchema>;
