import { compress } from "../../compress/compress.js";
import type { CompressOptions } from "../../compress/types.js";
import { quantileOf } from "../../statistics/quantile-of.js";

/** Texts of about one size, all different, so that nothing that one call remembers serves another. */
export interface SizedTexts {
  /** The size that was aimed at, in tokens of `o200k_base`. */
  readonly tokens: number;
  readonly texts: readonly string[];
}

/** What calls on texts of one size took. Times are milliseconds. */
export interface LatencyCase {
  readonly tokens: number;
  readonly calls: number;
  /** Calls that ran at a time. */
  readonly callers: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Tokens taken in a second, over all callers. */
  readonly tokensPerSecond: number;
  /** Time of each call, in the order of their ends. */
  readonly times: readonly number[];
}

/**
 * Times calls of `compress()`, each on another text.
 *
 * @param warmUp calls on the first texts, which are left out of the figures
 * @param callers calls at a time; what waits for the others counts, as it does for a caller
 */
export async function measureCalls(
  { tokens, texts }: SizedTexts,
  options: CompressOptions,
  { callers, warmUp, signal }: { callers: number; warmUp: number; signal?: AbortSignal },
): Promise<LatencyCase> {
  for (const text of texts.slice(0, warmUp)) await compress(text, options);
  const waiting = texts.slice(warmUp);
  const times: number[] = [];
  let counted = 0;
  const call = async () => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      signal?.throwIfAborted();
      const startedAt = performance.now();
      const result = await compress(text, options);
      times.push(performance.now() - startedAt);
      counted += result.tokens.original;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    tokens,
    calls: times.length,
    callers,
    p50: quantileOf(times, 0.5),
    p95: quantileOf(times, 0.95),
    p99: quantileOf(times, 0.99),
    tokensPerSecond: counted / seconds,
    times,
  };
}
