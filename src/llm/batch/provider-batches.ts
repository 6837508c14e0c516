import type { ProviderCall, ProviderConnection, ProviderReply } from "../providers/provider-api.js";
import type { Model } from "../registry/model.js";
import { openAnthropicBatches } from "./open-anthropic-batches.js";
import { openGoogleBatches } from "./open-google-batches.js";
import { openOpenAiBatches } from "./open-openai-batches.js";

/** One call of a batch. The provider gives its key back with the reply: 64 hexadecimal digits, which all of them take. */
export interface BatchedCall {
  readonly key: string;
  readonly call: ProviderCall;
}

/** What became of one. */
export type BatchedReply =
  | { readonly key: string; readonly reply: ProviderReply }
  | { readonly key: string; readonly error: string };

/** A batch as its provider has it. */
export type BatchState =
  | { readonly state: "pending" }
  /** `error`, where the provider took none of it. */
  | { readonly state: "done"; readonly replies: AsyncIterable<BatchedReply>; readonly error?: string };

/** A provider's batches, through its SDK. Errors are the SDK's own. */
export interface ProviderBatches {
  /** @returns the provider's name for the batch */
  submit(calls: readonly BatchedCall[]): Promise<string>;
  look(name: string): Promise<BatchState>;
}

/** Opens the batches of a model's provider. */
export function openProviderBatches(model: Model, connection: ProviderConnection): Promise<ProviderBatches> {
  if (model.provider === "anthropic") return openAnthropicBatches(connection);
  if (model.provider === "google") return openGoogleBatches(model, connection);
  return openOpenAiBatches(model, connection);
}
