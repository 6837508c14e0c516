import { expect, it } from "vitest";
import { runExample } from "./run-example.js";

it("examples/langchain.js shortens what was found, and answers", async () => {
  const printed = await runExample("langchain.js");
  const [, before, after] = /run-17: (\d+) -> (\d+) characters/u.exec(printed)!;
  expect(Number(after)).toBeLessThan(0.5 * Number(before));
  expect(printed).toContain("Two tests fail.");
});
