import { describe, expect, test } from "vitest";
import { kinds } from "../../src/compress/types.js";
import { type CompressOptions, compress } from "../../src/index.js";

/**
 * Strings that break parsers, tokenizers and regular expressions. Each gives a result, and in time: the long ones are
 * long enough that quadratic work would run into the test's time limit.
 */

const long = 1_000_000;
const limit = { timeout: 60_000 };

const shortStrings: Readonly<Record<string, string>> = {
  "the empty string": "",
  "one line break": "\n",
  "a lone high surrogate": "before \ud83d after",
  "a lone low surrogate": "\udc00",
  "reversed surrogates": "x \udc00\ud800 y",
  "NUL and other controls": "a\u0000b\u0001c\u001b[31m\u0007 \u0008 d\u007f\u0085",
  "special tokens": "<|endoftext|> and <|im_start|>system <|fim_prefix|> <|endofprompt|> ".repeat(20),
  "right to left": "שלום עולם, זה לא נכון. هذا ليس صحيحا، والرقم ٤٢. \u202eabc\u202c \u2067x\u2069 ".repeat(10),
  "combining marks": "e\u0301\u0302\u0303\u0304 ".repeat(100),
  zalgo: `Z${"\u0300\u0301\u0302\u0303\u0316\u0317\u0318\u0319\u0334\u0335".repeat(30)}algo `.repeat(5),
  "emoji sequences": "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 👍🏽 1️⃣ ".repeat(40),
  "carriage returns": "one\r\ntwo\r\n\r\nthree\rfour\r\r\nfive ".repeat(20),
  "a byte order mark": '\uFEFF{"a": 1}\n\uFEFF',
  "zero-width characters": "a\u200bb\u200c\u200dc\u2060d\ufeff ".repeat(30),
  "marker look-alikes":
    "[…12 lines] […] […x lines] [… 3 items] […99999999999999999999 lines #12] […1 lines #482915337120]\n".repeat(10),
  "a legend look-alike": `Legend: §1=alpha beta §2=\n${"§1 §2 §3 alpha beta alpha beta ".repeat(20)}`,
  "a broken legend": `Legend: §2=x §1=y\n${"§1 and §2 ".repeat(30)}`,
  "every sigil": "§1 ¤1 ¶1 †1 ‡1 ¢1 ¥1 ¿1 alpha beta gamma delta ".repeat(20),
  "names of object properties": "__proto__ constructor toString hasOwnProperty valueOf ".repeat(30),
  "object properties as keys":
    '{"__proto__": {"x": 1}, "constructor": [1, 2], "toString": null, "__proto__": 2}\n'.repeat(10),
  "replacement patterns": "$& $1 $` $' $$ $<name> ".repeat(30),
  "broken JSON": '{"a": [1, 2, {"b": "c\n"}, "unclosed\n'.repeat(10),
  "broken fences and tables": "```\n| a | b\n|---\n~~~\n```js\n".repeat(10),
  "big numbers": '{"n": 123456789012345678901234567890, "m": 1e9999, "z": -0.0}\n'.repeat(10),
  "line separators": "a\u2028b\u2029c\u000bd\u000ce ".repeat(30),
  "a diff of nothing": "diff --git a/x b/x\n@@ -0,0 +1 @@\n".repeat(10),
};

const longStrings: Readonly<Record<string, string>> = {
  "one letter": "a".repeat(long),
  "letters without a space": "abcdefghij".repeat(long / 10),
  digits: "0123456789".repeat(long / 10),
  spaces: " ".repeat(long),
  "line breaks": "\n".repeat(long),
  tabs: "\t".repeat(long),
  "nested brackets": `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  "nested objects": `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
  "open brackets": "({[<".repeat(100_000),
  "nested tags": `${"<div><p>".repeat(50_000)}x`,
  "open quotes": ' "a'.repeat(200_000),
  backticks: "`a".repeat(200_000),
  backslashes: "\\".repeat(200_000),
  "a regex bomb": `${"a".repeat(100_000)}!`,
  "another regex bomb": "aA1_-./:".repeat(60_000),
  stars: "*_".repeat(200_000),
  pipes: "|-".repeat(200_000),
  equals: "= == === ".repeat(50_000),
  slashes: "/a".repeat(200_000),
  dots: "a.".repeat(200_000),
  colons: "a:1:".repeat(100_000),
  "combining marks": `x${"\u0301".repeat(200_000)}`,
  "lone surrogates": "\ud800".repeat(200_000),
  NULs: "\u0000".repeat(200_000),
  emoji: "👩‍👧".repeat(50_000),
  "Han characters": "不是问题的数据".repeat(30_000),
  Thai: "ไม่มีปัญหา".repeat(20_000),
  negations: "not a ".repeat(60_000),
  "short lines": "x\n".repeat(200_000),
  "identical lines": "the same line again and again\n".repeat(20_000),
  "carriage returns": "\r".repeat(200_000),
  "escape codes": "\u001b[".repeat(100_000),
  markers: "[…1 lines]\n".repeat(20_000),
  "half markers": "[…1".repeat(100_000),
  "a table of one line": "a  b  ".repeat(60_000),
  "at signs": "@@ ".repeat(100_000),
  "stack frames": "    at f (x.js:1:1)\n".repeat(20_000),
};

async function expectResult(text: string, options?: CompressOptions) {
  const result = await compress(text, options);
  expect(result.decision, JSON.stringify(result.warnings)).not.toBe("failed-open");
  expect(result.tokens.compressed).toBeLessThanOrEqual(result.tokens.original);
  expect(result.segments.at(-1)?.end ?? 0).toBe(text.length);
  return result;
}

describe.each(Object.entries(shortStrings))("%s", (_, text) => {
  test.each([
    [{}],
    [{ budget: 1 }],
    [{ mode: "lossless", dictionary: "all" }],
    [{ query: 'alpha or "§1"', mustKeep: ["two", /x+/] }],
  ] as const)("with %j", async (options) => {
    await expectResult(text, options);
  });
});

test.each(Object.entries(longStrings))("a long run of %s", limit, async (_, text) => {
  await expectResult(text);
});

test.each(kinds.filter((kind) => kind !== "mixed"))("every hostile string taken for %s", limit, async (kind) => {
  for (const text of Object.values(shortStrings)) await expectResult(text, { kind });
  for (const text of Object.values(longStrings)) await expectResult(text.slice(0, 50_000), { kind });
});

test("a log of 10 MB", limit, async () => {
  const lines = Array.from(
    { length: 110_000 },
    (_, at) =>
      `2026-11-20 10:${String(at % 60).padStart(2, "0")}:00 INFO worker-${at % 97} handled GET /api/items/${at} in ${at % 500}ms for session ${(at * 7919) % 100_000}\n`,
  );
  const text = `${lines.join("")}2026-11-20 23:59:59 ERROR disk is full\n`;
  const { text: compressed } = await expectResult(text, { rate: 0.1, kind: "log" });
  expect(compressed).toContain("disk is full");
});

test("the caller's own hostile pattern runs in linear time", limit, async () => {
  await expectResult(`${"a".repeat(100_000)}! and more`, { mustKeep: [/(a+)+$/, /(a|aa)*b/] });
});
