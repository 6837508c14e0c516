import { expect, it } from "vitest";
import { runExample } from "./run-example.js";

it("examples/ai-sdk.js says what its call did without", async () => {
  const printed = await runExample("ai-sdk.js");
  const [, original, compressed] = /original: (\d+), compressed: (\d+)/u.exec(printed)!;
  expect(Number(compressed)).toBeLessThan(0.4 * Number(original));
  expect(printed).toContain("Two tests fail.");
});
