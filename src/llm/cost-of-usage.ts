import type { Price } from "./registry/model-schema.js";
import type { Usage } from "./types.js";

const million = 1_000_000;

/**
 * What a usage costs, in US dollars. What is read from or written into the provider's prompt cache has prices of its own;
 * without one it costs as other input does.
 */
export function costOfUsage(price: Price, usage: Usage): number {
  const rates = price.long && usage.input > price.long.above ? price.long : price;
  const plain = usage.input - usage.cacheRead - usage.cacheWrite;
  const dollars =
    plain * rates.input +
    usage.cacheRead * (rates.cacheRead ?? rates.input) +
    usage.cacheWrite * (rates.cacheWrite ?? rates.input) +
    usage.output * rates.output;
  return dollars / million;
}
