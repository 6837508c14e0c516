/** What each of a keep model's outputs speaks of, by its place. */
export const modelOutputs = { keep: 0, line: 1, answer: 2 } as const;
export const outputCount = 3;
