import pLimit from "p-limit";
import type { Registry } from "../registry/load-registry.js";
import type { Model } from "../registry/model.js";
import { TokenRate } from "./token-rate.js";

/** Ends a call's turn, with the tokens that it turned out to take, where that is known. */
export type LeaveTurn = (tokens?: number) => void;

/** Holds calls back so that each provider, and each server of the user's own, gets no more than its limits. */
export interface ProviderLimiter {
  /** Waits until a call of about so many tokens, read and written, may be sent. */
  enter(model: Model, tokens: number, signal: AbortSignal | undefined): Promise<LeaveTurn>;
}

/** Limits of one process, as the registry has them. */
export function createProviderLimiter(registry: Registry): ProviderLimiter {
  const gates = new Map<string, { takeSlot: () => Promise<() => void>; rate: TokenRate | undefined }>();
  const gateOf = (model: Model) => {
    const name = model.baseUrl ?? model.provider;
    const known = gates.get(name);
    if (known) return known;
    const { concurrency, tokensPerMinute } = registry.limitsOf(model.provider);
    const rate = tokensPerMinute ? new TokenRate(tokensPerMinute) : undefined;
    const gate = { takeSlot: createSlots(concurrency), rate };
    gates.set(name, gate);
    return gate;
  };
  return {
    async enter(model, tokens, signal) {
      const { rate, takeSlot } = gateOf(model);
      const freeSlot = await takeSlot();
      try {
        signal?.throwIfAborted();
        await rate?.take(tokens, signal);
      } catch (error) {
        freeSlot();
        throw error;
      }
      return (actual) => {
        if (actual !== undefined) rate?.correct(tokens, actual);
        freeSlot();
      };
    },
  };
}

/** p-limit runs functions; a stream holds its slot for as long as it is read. */
function createSlots(concurrency: number): () => Promise<() => void> {
  const limit = pLimit(concurrency);
  return () =>
    new Promise((resolve) => {
      void limit(() => new Promise<void>((free) => resolve(free)));
    });
}
