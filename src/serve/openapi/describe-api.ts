import { z } from "zod";
import { feedbackBodySchema, resetBodySchema } from "../adaptive/answer-adaptive.js";
import { compressBodySchema } from "../api/compress-body.js";
import { compareBodySchema } from "../compare/compare-body.js";

const errorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

const tokenCounts = z.object({ original: z.int(), compressed: z.int() });
const resultSchema = z.looseObject({
  text: z.string(),
  decision: z.enum(["compressed", "unchanged", "failed-open"]),
  loss: z.enum(["none", "format", "lossy"]),
  rate: z.number(),
  ratio: z.number(),
  tokens: tokenCounts.extend({ tokenizer: z.string(), exact: z.boolean() }),
  kind: z.string(),
  segments: z.array(z.looseObject({ start: z.int(), end: z.int(), kind: z.string(), tokens: tokenCounts })),
  legend: z.record(z.string(), z.string()),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});
const messagesResultSchema = z.looseObject({ messages: z.array(z.unknown()), tokens: tokenCounts });
const compressAnswerSchema = z.union([
  z.object({ result: z.union([resultSchema, messagesResultSchema]) }),
  z.object({ results: z.array(resultSchema) }),
]);

/** One endpoint as the document describes it. */
export interface ApiEndpoint {
  readonly path: string;
  readonly method: "get" | "post";
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** The answer's media type; JSON by default. */
  readonly produces?: string;
}

/** The endpoints of every service. */
export const coreEndpoints: readonly ApiEndpoint[] = [
  {
    path: "/api/compress",
    method: "post",
    summary: "Compress a text, documents or a conversation",
    body: compressBodySchema,
    answer: compressAnswerSchema,
  },
  {
    path: "/api/compare",
    method: "post",
    summary: "Ask a model with the whole prompt and with the compressed one, at once; answers in server-sent events",
    body: compareBodySchema,
    produces: "text/event-stream",
  },
  {
    path: "/api/feedback",
    method: "post",
    summary: "How good an answer on a compressed text was",
    body: feedbackBodySchema,
  },
  { path: "/api/adaptive", method: "get", summary: "What was learned about rates" },
  { path: "/api/adaptive/reset", method: "post", summary: "Forget what was learned", body: resetBodySchema },
  { path: "/api/config", method: "get", summary: "What a caller can choose from" },
  { path: "/api/health", method: "get", summary: "Whether the service works, and what with" },
  { path: "/api/openapi.json", method: "get", summary: "This document" },
  { path: "/metrics", method: "get", summary: "Counts for Prometheus", produces: "text/plain" },
];

const failures = {
  400: "The body cannot be meant",
  401: "The token is missing or another",
  403: "The Host or Origin is not allowed",
  413: "The body is too large",
  415: "The body is no JSON",
  429: "More than the service can do now; Retry-After says when to come back",
  500: "A fault",
  503: "The service ends, or a model is missing",
};

/** The OpenAPI document, from the schemas that the requests are checked by. */
export function describeApi(version: string, endpoints: readonly ApiEndpoint[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: describeEndpoint(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "brevis", version, description: "Compresses what goes to a language model." },
    paths,
    components: {
      schemas: { Error: jsonSchema(errorSchema) },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    security: [{ token: [] }, {}],
  };
}

function describeEndpoint({ summary, body, answer, produces = "application/json" }: ApiEndpoint) {
  const content = { [produces]: answer === undefined ? {} : { schema: jsonSchema(answer) } };
  const errorContent = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
  const failed = Object.fromEntries(
    Object.entries(failures).map(([status, description]) => [status, { description, content: errorContent }]),
  );
  return {
    summary,
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body) } } } }),
    responses: { 200: { description: "Done", content }, ...failed },
  };
}

function jsonSchema(schema: z.ZodType) {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: "input" });
  return described;
}
