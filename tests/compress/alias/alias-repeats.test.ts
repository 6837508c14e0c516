import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandAliases, readLegendLine } from "../../../src/compress/text/legend.js";
import { compress } from "../../../src/index.js";

const statuses = Array.from(
  { length: 12 },
  (_, at) => `"transaction_status_code": "${["declined", "unauthorized", "throttled"][at % 3]}"`,
).join("\n");

const lossless = (text: string) => compress(text, { mode: "lossless", dictionary: "all", kind: "log" });

describe("aliasRepeats", () => {
  it("gives repeated text an alias and explains it in the first line", async () => {
    const result = await lossless(statuses);
    expect(result.tokens.compressed).toBeLessThan(result.tokens.original);
    expect(result.text).toMatch(/^Legend: §1=/u);
    expect(Object.values(result.legend).some((meaning) => meaning.includes("transaction_status_code"))).toBe(true);
  });

  it("comes back byte for byte through the legend", async () => {
    const word = fc.constantFrom(
      "alpha_beta_gamma",
      "/var/lib/app",
      "§",
      "=",
      " §1=",
      "x9",
      "\n",
      " ",
      "Legend:",
      "9",
      "é",
      "漢字",
      "↵",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 120 }), async (words) => {
        const source = words.join("");
        const result = await lossless(source);
        if (result.loss !== "none" || result.decision === "unchanged") return;
        const read = readLegendLine(result.text);
        expect(read?.legend).toEqual(result.legend);
        expect(expandAliases(read!.body, read!.legend)).toBe(source);
      }),
      { numRuns: 200 },
    );
  });

  it("chooses a sigil that the text does not contain", async () => {
    const result = await lossless(`§1 is a section sign\n${statuses}`);
    expect(result.text).toMatch(/^Legend: ¤1=/u);
  });

  it("leaves code alone unless asked for everything", async () => {
    const result = await compress(statuses, { mode: "lossless", kind: "code" });
    expect(result.legend).toEqual({});
  });

  it("leaves the legend to the result when asked", async () => {
    const result = await compress(statuses, { mode: "lossless", kind: "log", legend: "separate" });
    expect(result.text).not.toContain("Legend:");
    expect(result.preamble).toMatch(/^Legend: §1=/u);
    expect(expandAliases(result.text, result.legend)).toBe(statuses);
  });
});
