import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aliasRepeats } from "../../../src/compress/alias/alias-repeats.js";
import { createContext } from "../../../src/compress/context.js";
import type { Aliased, WrittenSegment } from "../../../src/compress/draft.js";
import { normalizeOptions } from "../../../src/compress/options/normalize-options.js";
import { expandAliases, readLegendLine } from "../../../src/compress/text/legend.js";
import type { CompressOptions } from "../../../src/index.js";

const statuses = Array.from(
  { length: 12 },
  (_, at) => `"transaction_status_code": "${["declined", "unauthorized", "throttled"][at % 3]}"`,
).join("\n");

type WrittenText = Pick<WrittenSegment, "text" | "kind">;

async function alias(
  segments: readonly WrittenText[],
  options: CompressOptions = {},
): Promise<Aliased & { text: string }> {
  const context = await createContext(normalizeOptions(options));
  const aliased = aliasRepeats(segments as readonly WrittenSegment[], context);
  return { ...aliased, text: aliased.legendLine + aliased.segments.map(({ text }) => text).join("") };
}

const aliasLog = (text: string, options: CompressOptions = { dictionary: "all" }) =>
  alias([{ text, kind: "log" }], options);

describe("aliasRepeats", () => {
  it("gives repeated text an alias and explains it in the first line", async () => {
    const { counter } = await createContext(normalizeOptions());
    const result = await aliasLog(statuses);
    expect(counter.count(result.text)).toBeLessThan(counter.count(statuses));
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
        const result = await aliasLog(source);
        const read = result.legendLine === "" ? { legend: {}, body: result.text } : readLegendLine(result.text);
        expect(read?.legend).toEqual(result.legend);
        expect(expandAliases(read!.body, read!.legend)).toBe(source);
      }),
      { numRuns: 200 },
    );
  });

  it("chooses a sigil that the text does not contain", async () => {
    const result = await aliasLog(`§1 is a section sign\n${statuses}`);
    expect(result.text).toMatch(/^Legend: ¤1=/u);
  });

  it("leaves code alone unless asked for everything", async () => {
    const segments: WrittenText[] = [
      { text: `${statuses}\n`, kind: "code" },
      { text: `${statuses}\n`, kind: "json" },
    ];
    const readOnly = await alias(segments);
    expect(readOnly.segments[0]!.text).toBe(segments[0]!.text);
    expect(readOnly.segments[1]!.text).not.toBe(segments[1]!.text);
    const everywhere = await alias(segments, { dictionary: "all" });
    expect(everywhere.segments[0]!.text).not.toBe(segments[0]!.text);
  });

  it("gives no alias where the dictionary is off", async () => {
    const result = await aliasLog(statuses, { dictionary: "off" });
    expect(result.text).toBe(statuses);
  });

  it("leaves omission markers whole", async () => {
    const marked = statuses.replaceAll("\n", "\n[…12 lines]\n");
    const result = await aliasLog(marked);
    expect(result.text.split("[…12 lines]").length).toBe(marked.split("[…12 lines]").length);
  });

  it("gives a text that carries a legend no second one", async () => {
    const first = await aliasLog(statuses);
    expect((await aliasLog(first.text)).text).toBe(first.text);
  });
});
