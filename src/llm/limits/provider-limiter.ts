import pLimit from "p-limit";
import type { Registry } from "../registry/load-registry.js";
import type { Model } from "../registry/model.js";
import { TokenRate } from "./token-rate.js";

/** Holds calls back so that each provider, and each server of the user's own, gets no more than its limits. */
export interface ProviderLimiter {
  /**
   * Runs a call when it is its turn.
   *
   * @param tokens what it is estimated to read and write; the call says by how much that was wrong
   */
  run<Result>(
    model: Model,
    tokens: number,
    signal: AbortSignal | undefined,
    call: (correct: (actual: number) => void) => Promise<Result>,
  ): Promise<Result>;
}

/** Limits of one process, as the registry has them. */
export function createProviderLimiter(registry: Registry): ProviderLimiter {
  const gates = new Map<string, { limit: ReturnType<typeof pLimit>; rate: TokenRate | undefined }>();
  const gateOf = (model: Model) => {
    const name = model.baseUrl ?? model.provider;
    const known = gates.get(name);
    if (known) return known;
    const { concurrency, tokensPerMinute } = registry.limitsOf(model.provider);
    const gate = { limit: pLimit(concurrency), rate: tokensPerMinute ? new TokenRate(tokensPerMinute) : undefined };
    gates.set(name, gate);
    return gate;
  };
  return {
    run: (model, tokens, signal, call) => {
      const { limit, rate } = gateOf(model);
      return limit(async () => {
        signal?.throwIfAborted();
        await rate?.take(tokens, signal);
        return call((actual) => rate?.correct(tokens, actual));
      });
    },
  };
}
