import { expect, it } from "vitest";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";
import { writeTexts } from "../../../src/generate/synthetic/write-texts.js";

it("writes different texts of the length that is asked, the same ones for a seed", async () => {
  const counter = await loadTokenCounter();
  const options = { tokens: 900, count: 6, seed: 3, scenarios: ["rag_context", "git_diff"] };
  const texts = await writeTexts(options, counter);
  expect(new Set(texts.map((text) => text.slice(0, 80))).size).toBe(6);
  for (const text of texts) {
    expect(counter.count(text)).toBeLessThanOrEqual(900);
    expect(counter.count(text)).toBeGreaterThan(870);
  }
  expect(await writeTexts(options, counter)).toEqual(texts);
});
