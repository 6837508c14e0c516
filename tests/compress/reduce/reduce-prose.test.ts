import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { reduceProse } from "../../../src/compress/reduce/reduce-prose.js";
import { hostileTexts } from "./hostile-texts.js";
import { expectAccounted, expectLaws, expectStable, reduceText, writeAll, writeSome } from "./reducer-laws.js";

// A shared machine may be slow: only a stall is a failure.
vi.setConfig({ testTimeout: 60_000 });

/** Writes the words that a pattern matches, and the floor. */
async function keepWords(source: string, pattern: RegExp) {
  const reduction = await reduceText(reduceProse, source);
  const { units } = reduction;
  return writeSome(reduction, (index) => pattern.test(source.slice(units[index]!.start, units[index]!.end)));
}

const pieces = fc.constantFrom(
  ...[
    "word",
    "Then",
    "it's",
    "(see",
    "below)",
    "“so",
    "far”",
    "e.g.",
    "end.",
    "What?!",
    "not",
    "3.5",
    "`a b`",
    "**bold",
    "text**",
  ],
  ...[
    "- item",
    "1. first",
    "mot :",
    "« mot »",
    "日本語の文章です。",
    "ภาษาไทย",
    "👩‍👩‍👧",
    "שלום",
    "[x](http://y)",
    "—",
    "[…12 lines]",
    ", ,",
  ],
);
const spaces = fc.constantFrom(" ", " ", " ", " ", "\n", "\n\n", "\n   ", "  ", "\r\n", "\t", "");
const prose = fc
  .array(fc.tuple(pieces, spaces), { maxLength: 60 })
  .map((parts) => parts.map(([piece, space]) => piece + space).join(""));

describe("reduceProse", () => {
  it("covers any text, and writes it back whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(prose, fc.string({ unit: "binary", maxLength: 80 })), async (source) => {
        expectLaws(source, { start: 0, end: source.length }, await reduceText(reduceProse, source));
      }),
    );
  });

  it("throws on no hostile text, and accounts for what it drops", async () => {
    for (const source of hostileTexts) {
      const reduction = await reduceText(reduceProse, source);
      expectLaws(source, { start: 0, end: source.length }, reduction);
      const { kept, omitted } = writeSome(reduction, (index) => index % 3 === 0);
      expectAccounted(reduction, kept, omitted);
    }
  });

  it("leaves what it wrote as it is, whatever was dropped", async () => {
    await fc.assert(
      fc.asyncProperty(prose, fc.integer({ min: 2, max: 7 }), async (source, every) => {
        const reduction = await reduceText(reduceProse, source);
        await expectStable(reduceProse, writeAll(reduction));
        await expectStable(reduceProse, writeSome(reduction, (index) => index % every === 0).text);
      }),
    );
  });

  it("writes every kept word unaltered", async () => {
    await fc.assert(
      fc.asyncProperty(prose, fc.integer({ min: 2, max: 5 }), async (source, every) => {
        const reduction = await reduceText(reduceProse, source);
        const { text, kept } = writeSome(reduction, (index) => index % every === 0);
        reduction.units.forEach(({ start, end }, index) => {
          for (const [word] of kept[index] ? source.slice(start, end).matchAll(/[\p{L}\p{M}\p{N}]+/gu) : [])
            expect(text).toContain(word);
        });
      }),
    );
  });

  it("never drops a negation, a number or a code span", async () => {
    const { text } = await keepWords("The wall of 3.5 m is not a barrier, and `git push -f` never helps.", /barrier/);
    expect(text).toBe("3.5 m not a barrier, `git push -f` never helps.");
  });

  it("keeps lines of evidence whole, and of a long paragraph what stands around the evidence", async () => {
    const lines = "All is well here today.\nThen, of course, the build failed again,\nand so we all went home.\n";
    expect((await keepWords(lines, /^$/)).text.trim()).toBe("Then, of course, the build failed again,");
    const filler = "Words that say little are many, as this sentence shows to everyone. ".repeat(8);
    const { text } = await keepWords(`${filler}Then the request timed out, and we waited. ${filler}`, /^$/);
    expect(text).toContain("Then the request timed out, and we waited.");
    expect(text.length).toBeLessThan(200);
  });

  it("closes a sentence after its last kept word, without a comma left behind", async () => {
    expect((await keepWords("Cats sleep, mostly at night. Dogs bark.", /Cats|sleep|Dogs/)).text).toBe(
      "Cats sleep. Dogs.",
    );
    expect((await keepWords("Is the door open, by chance? Yes.", /Is|door/)).text).toBe("Is door?");
    expect((await keepWords("Wait: there is more — much more. Good.", /Wait|Good/)).text).toBe("Wait. Good.");
  });

  it("lets a comma go with the words behind it, but not between members of a list", async () => {
    const text = "Cats, as we know, like fish, milk, and cream, warm or cold, at any time.";
    expect((await keepWords(text, /Cats|like|fish|milk|cream|time/)).text).toBe("Cats like fish, milk, cream time.");
  });

  it("lets a sentence of which nothing stays go with its mark", async () => {
    expect((await keepWords("One here. Gone away. Last here.", /here/)).text).toBe("here. here.");
  });

  it("knows that abbreviations end no sentence", async () => {
    const { text } = await keepWords("Small animals, e.g. mice and voles, live here.", /animals|mice|live/);
    expect(text).toBe("animals mice live.");
  });

  it("balances brackets and quotes over what was dropped", async () => {
    expect((await keepWords("A tool (made by hand in Rome) helps.", /tool|made|helps/)).text).toBe(
      "tool (made) helps.",
    );
    expect((await keepWords("A tool (made by hand in Rome) helps.", /tool|Rome|helps/)).text).toBe(
      "tool (Rome) helps.",
    );
    expect((await keepWords("A tool (made by hand in Rome) helps.", /tool|helps/)).text).toBe("tool helps.");
    expect((await keepWords("Use **the bold words** here.", /bold|here/)).text).toBe("**bold** here.");
    expect((await keepWords("ein {schönes [altes und rotes] Haus} dort", /altes|dort/)).text).toBe("{[altes]} dort");
  });

  it("keeps paragraphs and list items apart, and drops the marker of an item that goes", async () => {
    const source = "Intro words here.\n\n- alpha beta\n- gamma delta\n- kappa lambda\n\nLast words.\n";
    const { text } = await keepWords(source, /Intro|beta|lambda|Last/);
    expect(text).toBe("Intro.\n\n- beta\n- lambda\n\nLast.\n");
  });

  it("ranks a term in bold above the words that define it", async () => {
    const source =
      "- **Long term** - what lasts.\n- **Short** - what does not.\n- one **with a whole sentence in bold that runs on**";
    const { units } = await reduceText(reduceProse, source);
    const rankOf = (text: string) => units.find(({ start, end }) => source.slice(start, end).includes(text))!.priority;
    expect(["**Long", "term**", "**Short**"].map(rankOf)).toEqual([0.5, 0.5, 0.5]);
    expect(["lasts", "**with", "bold"].map(rankOf)).toEqual([0, 0, 0]);
  });

  it("writes no space before a mark and none at the start", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 8 }), async (every, phase) => {
        const source =
          "Well (as we said), the old house, which — by the way — was red, fell: walls, roof and all! Nobody, alas, saw it.";
        const { text } = writeSome(await reduceText(reduceProse, source), (index) => (index + phase) % every === 0);
        expect(text).not.toMatch(/^\s|\s[,.!:]|[,.!:]{2}| {2}/u);
      }),
    );
  });

  it("splits scripts without spaces at their words, and joins them without spaces", async () => {
    const { text } = await keepWords("東京は日本の首都です。大阪は商業都市です。", /東京|首都|大阪/u);
    expect(text).toBe("東京首都。大阪。");
    const thai = await reduceText(reduceProse, "ฉันรักภาษาไทยมาก");
    expect(thai.units.length).toBeGreaterThan(2);
  });

  it("puts a space between words that another script stood between", async () => {
    expect((await keepWords("React组件state变化", /React|state/u)).text).toBe("React state");
  });

  it("splits no emoji sequence and no surrogate pair", async () => {
    const source = "家族👩‍👩‍👧‍👦𠮷野家で👍🏽食べる";
    const { units } = await reduceText(reduceProse, source);
    const words = units.map(({ start, end }) => source.slice(start, end));
    expect(words.every((word) => word.isWellFormed())).toBe(true);
    expect(words.some((word) => word.includes("👩‍👩‍👧‍👦"))).toBe(true);
    expect(words.some((word) => word.includes("👍🏽"))).toBe(true);
  });

  it("says where a run that is no word was left out", async () => {
    const { text } = await keepWords(`Here it is: ${"lorem".repeat(1000)} and that was it.`, /Here|that/);
    expect(text).toBe("Here […4 words] that.");
  });

  it("joins lines that were wrapped at a margin, with white space as the only difference", async () => {
    const source = `${[
      "       The quick brown fox jumps over the lazy dog, and then it runs away from",
      "       the hounds that have been set  upon it by the hunters of the old castle",
      "       on the hill.",
      "",
      "       -v, --verbose",
      "              Say more about each of the steps that are taken while the program is",
      "              running.",
      "",
      "       name       value",
      "       other      thing",
    ].join("\n")}\n`;
    const reduction = await reduceText(reduceProse, source);
    const written = writeAll(reduction);
    expect(reduction.loss).toBe("format");
    expect(written.split("\n")).toHaveLength(8);
    expect(written.replace(/\s+/gu, " ")).toBe(source.replace(/\s+/gu, " "));
    await expectStable(reduceProse, written);
  });

  it("joins no verse, code or columns", async () => {
    for (const source of [
      "Roses are red,\nviolets are blue,\nsugar is sweet,\nand so are you.\n",
      "    const total = items.reduce((sum, item) => sum + item.price, 0);\n    const average = total / items.length; // of all the items\n",
      "    Name of the first thing      the first value of it all\n    Name of the second thing     the second value of it all\n",
    ])
      expect(writeAll(await reduceText(reduceProse, source))).toBe(source);
  });

  it("leaves markers of earlier omissions whole and in place", async () => {
    expect((await keepWords("foo bar […12 lines] baz qux", /^$/)).text.trim()).toBe("[…12 lines]");
  });

  it("separates itself from the segment before, wherever it begins", async () => {
    const source = "{}\n\nfirst words then last words";
    const reduction = await reduceText(reduceProse, source, { start: 2 });
    expect(writeSome(reduction, (index) => index > 3).text).toMatch(/^\n+words$/u);
  });
});
