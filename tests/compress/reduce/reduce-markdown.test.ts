import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { reduceMarkdown } from "../../../src/compress/reduce/reduce-markdown.js";
import { hostileTexts } from "./hostile-texts.js";
import { expectAccounted, expectLaws, expectStable, reduceText, writeAll, writeSome } from "./reducer-laws.js";

// A shared machine may be slow: only a stall is a failure.
vi.setConfig({ testTimeout: 60_000 });

const guide = `---
title: Shelves
---
# Filling the shelves

Most of the shelves are filled in the early morning, by hand.

## Steps

- Bring the boxes up from the cellar.
- Open them with \`cutter --safe\`, not with a knife.

\`\`\`bash
count --all
\`\`\`

<!-- Nobody reads
this remark. -->

| Ware | Price |
|------|-------|
| figs | cheap |
| nuts | dear  |

> Mind the steps on the way back.

\`\`\`js
const one = first();
const two = second();
const three = third();
const four = fourth();
const five = fifth();
const six = sixth();
\`\`\`
`;

/** Writes the units that hold one of the texts, and the floor. */
async function keepTexts(source: string, ...texts: string[]) {
  const reduction = await reduceText(reduceMarkdown, source, { kind: "markdown" });
  return writeSome(reduction, (index) => {
    const { start, end } = reduction.units[index]!;
    return texts.some((text) => source.slice(start, end).includes(text));
  }).text;
}

const lines = fc.constantFrom(
  ...[
    "# Head",
    "Head",
    "====",
    "---",
    "plain words here, and more.",
    "- item one",
    "  - nested",
    "1. first",
    "> quoted text",
  ],
  ...[
    "```",
    "```js",
    "~~~",
    "code();",
    "| a | b |",
    "|---|---|",
    "<!-- remark",
    "-->",
    "![image](x.png)",
    "",
    "",
    "    indented",
  ],
  ...["[…3 lines]", "a line of text that is long enough to have been wrapped at a margin", "*emphasis over", "lines*"],
);
const markdown = fc.array(lines, { maxLength: 40 }).map((given) => given.join("\n"));

describe("reduceMarkdown", () => {
  it("covers any text, and writes it back whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(markdown, fc.string({ unit: "binary", maxLength: 60 })), async (source) => {
        const reduction = await reduceText(reduceMarkdown, source);
        expectLaws(source, { start: 0, end: source.length }, reduction);
        await expectStable(reduceMarkdown, writeAll(reduction));
      }),
    );
  });

  it("accounts for everything that it drops, in hostile texts too", async () => {
    await fc.assert(
      fc.asyncProperty(markdown, fc.integer({ min: 2, max: 6 }), async (source, every) => {
        const reduction = await reduceText(reduceMarkdown, source);
        const { kept, omitted } = writeSome(reduction, (index) => index % every === 0);
        expectAccounted(reduction, kept, omitted);
      }),
    );
    for (const source of hostileTexts) {
      const reduction = await reduceText(reduceMarkdown, source);
      expectLaws(source, { start: 0, end: source.length }, reduction);
      const { kept, omitted } = writeSome(reduction, (index) => index % 3 === 0);
      expectAccounted(reduction, kept, omitted);
    }
  });

  it("ranks headings first, then front matter, commands and table heads, and remarks last", async () => {
    const { units } = await reduceText(reduceMarkdown, guide);
    const rankOf = (text: string) => units.find(({ start, end }) => guide.slice(start, end).includes(text))!.priority;
    const order = ["# Filling", "title:", "| Ware", "count --all", "morning", "this remark"].map(rankOf);
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(new Set(order).size).toBe(order.length);
  });

  it("writes headings and words with the paragraphs apart", async () => {
    const text = await keepTexts(guide, "# Filling", "## Steps", "shelves", "hand", "boxes");
    expect(text).toMatch(/# Filling the shelves\n\nshelves hand\.\n\n## Steps\n\n- boxes\.\n/u);
  });

  it("keeps a command with its fences, and a negation with the command", async () => {
    const text = await keepTexts(guide, "count --all");
    expect(text).toContain("```bash\ncount --all\n```\n");
    expect(text).toContain("`cutter --safe`, not");
  });

  it("keeps the head of a table with its rows, and counts what went", async () => {
    const text = await keepTexts(guide, "| nuts");
    expect(text).toContain("| Ware | Price |\n");
    expect(text).toContain("[…2 lines]\n| nuts | dear  |\n");
  });

  it("opens and closes longer code with its first and last line", async () => {
    expect(await keepTexts(guide, "three", "six")).toMatch(
      /```js\nconst one = first\(\);\n\[…1 line\]\nconst three = third\(\);\n\[…2 lines\]\nconst six = sixth\(\);\n```\n$/u,
    );
    expect(await keepTexts(guide, "# Filling")).toMatch(/\[…8 lines\]\n$/u);
  });

  it("keeps the mark of a quotation with its words only", async () => {
    expect(await keepTexts(guide, "Mind")).toContain("> Mind.\n");
    expect(await keepTexts(guide, "# Filling")).not.toContain(">");
  });
});
