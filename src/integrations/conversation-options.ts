import { normalizeMessagesOptions } from "../compress/messages/message-options.js";
import type { CompressOptions, OriginalsStore } from "../compress/types.js";
import { BrevisError } from "../errors.js";

/** What a request did without. */
export interface RequestSavings {
  readonly model: string | undefined;
  /** Tokens that the request does without: in messages that the model has answered to, and in new ones. */
  readonly saved: { readonly old: number; readonly new: number };
}

/** How the conversations of a model's client are compressed. */
export interface ConversationOptions {
  /** Options of `compress`: half of the tokens by default. `target` is the model that each request names. */
  readonly compress?: Omit<CompressOptions, "target" | "legend" | "store" | "signal">;
  /** Results of tools with fewer tokens are sent as they are; 200 by default. */
  readonly toolTokens?: number;
  /** Texts of the user with fewer tokens are sent as they are; 1000 by default. */
  readonly userTokens?: number;
  /** Keeps what is left out: markers that a model copies into a tool call are restored from it. */
  readonly store?: OriginalsStore;
  /** Told of each request that was shortened. What it throws is ignored. */
  readonly onSavings?: (savings: RequestSavings) => void;
}

/** Options with their defaults. */
export interface ConversationSettings {
  readonly compress: CompressOptions;
  readonly tokens: { readonly tool: number; readonly user: number };
  readonly store: OriginalsStore | undefined;
  readonly onSavings: (savings: RequestSavings) => void;
}

/** Checks options and fills in their defaults. @throws {BrevisError} `invalid-option` */
export function normalizeConversationOptions(options: ConversationOptions = {}): ConversationSettings {
  const { compress = {}, toolTokens = 200, userTokens = 1000, store, onSavings } = options;
  const ofCompress = { ...compress, ...(store === undefined ? {} : { store }) };
  normalizeMessagesOptions(ofCompress);
  return {
    compress: ofCompress,
    tokens: { tool: countOf("toolTokens", toolTokens), user: countOf("userTokens", userTokens) },
    store,
    onSavings(savings) {
      try {
        onSavings?.(savings);
      } catch {
        // A report that fails is no reason for a request to fail.
      }
    },
  };
}

function countOf(name: string, value: number): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new BrevisError("invalid-option", `Expected ${name} to be a number of tokens but received ${String(value)}.`);
}
