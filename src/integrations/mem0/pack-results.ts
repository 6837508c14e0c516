import { compress } from "../../compress/compress.js";
import { loadTokenCounter } from "../../engine/tokens/load-token-counter.js";
import type { Mem0Item, Mem0Pack } from "./index.js";

/** A longer memory is shortened to what is left of the budget, where that is at least so many tokens. */
const leastRest = 64;

/** Fits memories into a budget, best first: whole where they fit, the first that does not compressed to what is left. */
export async function packResults(
  found: readonly Mem0Item[],
  { query, budget, target }: { query: string; budget: number; target: string | undefined },
): Promise<Mem0Pack> {
  const counter = await loadTokenCounter(target);
  const lineOf = ({ memory }: Mem0Item) => `- ${memory?.trimEnd() ?? ""}`;
  const writeAll = (chosen: readonly Mem0Item[]) => chosen.map(lineOf).join("\n");
  const items: Mem0Item[] = [];
  const left: Mem0Item[] = [];
  for (const item of found) {
    const rest = budget - counter.count(writeAll(items));
    const fitting = fits([...items, item]) ? item : await shortenTo(item, rest);
    (fitting === undefined ? left : items).push(fitting ?? item);
  }
  return {
    text: writeAll(items),
    items,
    tokens: { packed: counter.count(writeAll(items)), found: counter.count(writeAll(found)) },
    left,
  };

  function fits(chosen: readonly Mem0Item[]): boolean {
    return counter.count(writeAll(chosen)) <= budget;
  }

  async function shortenTo(item: Mem0Item, rest: number): Promise<Mem0Item | undefined> {
    if (rest < leastRest || item.memory === undefined) return undefined;
    const options = {
      budget: rest - 4,
      dictionary: "off",
      ...(target && { target }),
      ...(query && { query }),
    } as const;
    const { text } = await compress(item.memory, options);
    const shortened = { ...item, memory: text };
    return fits([...items, shortened]) ? shortened : undefined;
  }
}
