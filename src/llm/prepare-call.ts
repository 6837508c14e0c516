import { BrevisError } from "../errors.js";
import type { ProviderCall } from "./providers/provider-api.js";
import type { Model } from "./registry/model.js";
import type { ChatRequest } from "./types.js";

/**
 * A request as its model takes it: temperature 0 where it takes one, room for hidden reasoning, and the schema in the
 * system prompt where the provider has no option for one.
 *
 * @throws BrevisError `invalid-input` where a request cannot be meant
 */
export function prepareCall(request: ChatRequest, model: Model): ProviderCall {
  checkRequest(request);
  const bySystem = request.schema && !model.takesJsonSchema ? schemaInWords(request.schema) : undefined;
  const system = [request.system, bySystem].filter((part) => part !== undefined && part !== "").join("\n\n");
  return {
    model,
    system: system === "" ? undefined : system,
    messages: request.messages,
    maxTokens: Math.min(request.maxTokens + model.reasoningAllowance, model.maxOutput),
    temperature: model.takesTemperature ? (request.temperature ?? 0) : undefined,
    schema: model.takesJsonSchema ? request.schema : undefined,
    signal: request.signal,
  };
}

function checkRequest({ maxTokens, messages }: ChatRequest): void {
  const last = messages.at(-1);
  if (last?.role !== "user") {
    throw new BrevisError(
      "invalid-input",
      `Expected messages that end with the user's but got ${last ? "the assistant's" : "none"}.`,
    );
  }
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    throw new BrevisError("invalid-input", `Expected maxTokens to be a whole number above 0 but got ${maxTokens}.`);
  }
}

function schemaInWords({ schema }: NonNullable<ChatRequest["schema"]>): string {
  return `Answer with one JSON value and nothing else. It follows this JSON schema:\n${JSON.stringify(schema)}`;
}
