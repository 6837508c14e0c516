import type { Pair } from "../../src/records/pair.js";

/** A pair of which the test says what matters. */
export function makePair(over: Partial<Pair> & Pick<Pair, "id">): Pair {
  const verbose = over.verbose ?? `The text of ${over.id}.`;
  return {
    domain: "nl",
    source: "tests",
    verbose,
    compressed: "Text.",
    rate: 0.5,
    tokens: { verbose: 10, compressed: 5 },
    ...over,
  };
}

/** `count` words that no other prefix has. */
export function makeWords(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(" ");
}

export async function* inOrder<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
