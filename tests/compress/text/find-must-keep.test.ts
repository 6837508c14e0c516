import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";

const rules = createTextRules({ mustKeep: [], query: undefined });
const found = (text: string) => rules.findMustKeep(text).map(({ start, end }) => text.slice(start, end));

test.each([
  ["wait 5 ms for 12 GB.", ["5 ms", "12 GB"]],
  ["a grid of 3 x 4 cells", ["3 x 4"]],
  ["costs up to 5 million dollars, or 12 %.", ["up to 5 million dollars", "12 %"]],
  ["about $1,299.99 or €5", ["$1,299.99", "€5"]],
  ["on March 5, 2020 at 10:30 a.m. it went", ["March 5", "2020", "10:30 a.m"]],
  ["seen 2026-11-20T10:02:11Z twice", ["2026-11-20T10:02:11Z"]],
  ["listens on port 8080 by default", ["port 8080"]],
  ["upgrade to v1.2.3-rc.1 now", ["v1.2.3-rc.1"]],
  ["commit a3f2c91 of deadbeef", ["a3f2c91", "deadbeef"]],
  ["id 123e4567-e89b-12d3-a456-426614174000 here", ["id 123e4567-e89b-12d3-a456-426614174000"]],
  ["build with -O2 and --no-cache please", ["-O2", "--no-cache"]],
  ["see Cargo.toml, .gitignore and /var/log/app.log.", ["Cargo.toml", ".gitignore", "/var/log/app.log"]],
  ["in C:\\Users\\me or ../lib or ~/x there", ["C:\\Users\\me", "../lib", "~/x"]],
  ["open https://example.com/a?b=c (today)", ["https://example.com/a?b=c"]],
  ["mail me@example.com, said @user", ["me@example.com", "@user"]],
  ["set $HOME or KEY=value or %s", ["$HOME", "KEY=value", "%s"]],
  ["call foo_bar, getUserName, std::move and obj.run()", ["foo_bar", "getUserName", "std::move", "obj.run()"]],
  ["the __init__ and the _private one", ["__init__", "_private"]],
  ["salt NaCl, acid H2SO4 or H₂SO₄, ion Na+", ["NaCl", "H2SO4", "H₂SO₄", "Na+"]],
  ["fixed CVE-2024-1234 in the JSON-based API", ["CVE-2024-1234", "JSON-based", "API"]],
  ["in C++ and R&D", ["C++", "R&D"]],
  ["a TypeError and a failed assertion timed out", ["TypeError", "failed", "assertion", "timed out"]],
  ["this has\u00a05\u00a0kg of it", ["5\u00a0kg"]],
])("%j keeps %j", (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test.each([
  "",
  " \n\t",
  "The quick brown fox jumps over the lazy dog, and Alice from Wonderland watches.",
  "It's word(s) with _emphasis_ and **more** of it; e.g. this, i.e. that!",
  "state-of-the-art — well-known…",
  "Bitte schließen Sie das Fenster, García und Müller.",
  "((( ))) --- === ***",
])("%j has nothing that must stay", (text) => {
  expect(found(text)).toEqual([]);
});

describe("negations stay with what they deny", () => {
  test.each([
    ["A fence is not a physical barrier to entry.", ["not a physical barrier"]],
    ["It doesn't support legacy clients.", ["doesn't support"]],
    ["It doesn’t work. Never again; without proper care.", ["doesn’t work", "Never again", "without proper"]],
    ["There are no longer any errors.", ["no longer any errors"]],
    ["Stop if not, then go.", ["not"]],
    ["You cannot have been waiting", ["cannot have been waiting"]],
    ["neither fast nor cheap", ["neither fast", "nor cheap"]],
    ["Das ist kein Problem und nicht die Lösung", ["kein Problem", "nicht die Lösung"]],
    ["Ce n'est pas une solution", ["n'est pas une solution"]],
    ["No es la solución, sin duda", ["No es la solución", "sin duda"]],
    ["Isso não funciona", ["não funciona"]],
    ["Questo non funziona", ["non funziona"]],
    ["Это не проблема", ["не проблема"]],
    ["这不是问题，没有错误", ["不是问", "没有错"]],
    ["これは問題ではありません", ["ではありません"]],
    ["이것은 작동하지 않습니다", ["작동하지 않습니다"]],
    ["هذا ليس خطأ كبير", ["ليس خطأ"]],
    ["यह समस्या नहीं है", ["नहीं है"]],
  ])("%j keeps %j", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

test("numbers take their counter along where no space parts them", () => {
  expect(found("有3个苹果，用了3時間")).toEqual(["3个", "3時間"]);
});

test("short quoted strings stay, speech and stray quotes do not", () => {
  expect(found('press "save all" now')).toEqual(['"save all"']);
  expect(found("run `make all` and “go home” or 「保存」")).toEqual(["`make all`", "“go home”", "「保存」"]);
  const speech = `he said "${"many words went on and on and ".repeat(3)}again" to her`;
  expect(found(speech)).toEqual([]);
  expect(found("the dogs' bowls and the cats' beds")).toEqual([]);
});

describe("the caller's patterns", () => {
  test("strings are literal, and widened to whole words", () => {
    const { findMustKeep, isEvidence } = createTextRules({ mustKeep: ["ice cre", "(.*)"], query: undefined });
    const text = "we like ice cream a lot";
    expect(findMustKeep(text).map(({ start, end }) => text.slice(start, end))).toEqual(["ice cream"]);
    expect(isEvidence(text)).toBe(true);
    expect(isEvidence("anything else")).toBe(false);
  });

  test("expressions keep their flags and run in linear time", () => {
    const { findMustKeep, isEvidence } = createTextRules({ mustKeep: [/^order\s\w+$/im, /(a+)+$/], query: undefined });
    const text = "first\nOrder soon\nlast";
    expect(findMustKeep(text).map(({ start, end }) => text.slice(start, end))).toEqual(["Order soon"]);
    expect(isEvidence(`${"a".repeat(50_000)}!`)).toBe(false);
  });

  test("unicode escapes and matches of nothing are fine", () => {
    const { findMustKeep } = createTextRules({ mustKeep: [/\u00e9\w*/u, /x*/], query: undefined });
    expect(findMustKeep("the étude x")).toEqual([
      { start: 4, end: 9 },
      { start: 10, end: 11 },
    ]);
  });

  test.each([/(a)\1/, /(?<=a)b/, /a(?!b)/])("%s, which RE2 cannot take, is refused by name", (pattern) => {
    expect(() => createTextRules({ mustKeep: [pattern], query: undefined })).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(String(pattern)) }),
    );
  });

  test("a quoted phrase of the query must stay", () => {
    const { findMustKeep } = createTextRules({ mustKeep: [], query: 'what about "brown fox"?' });
    expect(findMustKeep("the Brown Fox ran")).toEqual([{ start: 4, end: 13 }]);
  });
});

const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("alpha", "beta", "the", "of", "barrier", "Anna", "physical", "runs", "(soft)"),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "not",
      "never",
      "a",
      "5",
      "ms",
      "12,",
      "GB.",
      "x",
      "3",
      "March",
      "2020",
      "a.b",
      "-O2",
      '"quick',
      'fox"',
      '"',
      "`ls",
      "-la`",
      "isn't",
      "n'est",
      "pas",
      "не",
      "не,",
      "up",
      "to",
      "port",
      "8080",
      "foo_bar",
      "timed",
      "out",
      "fail",
      "“so",
      "far”",
      "않다",
      "'tis",
      "so'",
      "—",
      "v1.2",
      "million",
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const prose = fc.array(fc.tuple(word, fc.constantFrom(" ", " ", " ", "\n", "  ")), { maxLength: 40 });

test("spans are ordered, do not overlap, hold something, and never part a word", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        prose.map((words) => words.flat().join("")),
        fc.string({ unit: "binary", maxLength: 200 }),
      ),
      (text) => {
        let end = 0;
        for (const span of rules.findMustKeep(text)) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
          expect(/[a-zA-Z0-9_]{2}/.test(text.slice(Math.max(0, span.start - 1), span.start + 1))).toBe(false);
          expect(/[a-zA-Z0-9_]{2}/.test(text.slice(span.end - 1, span.end + 1))).toBe(false);
        }
        expect(end).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});

test("what must stay in a text must stay in what is kept of it", () => {
  fc.assert(
    fc.property(prose, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (pairs, alsoKept) => {
      const text = pairs.flat().join("");
      const spans = rules.findMustKeep(text);
      let kept = "";
      /** For each code unit of `kept`, where it stood in `text`. */
      const origin: number[] = [];
      Array.from(text.matchAll(/^\s+|\S+\s*/g)).forEach(({ 0: unit, index }, at) => {
        if (!alsoKept[at] && !spans.some(({ start, end }) => start < index + unit.length && end > index)) return;
        kept += unit;
        for (let offset = 0; offset < unit.length; offset++) origin.push(index + offset);
      });
      const again = new Set(rules.findMustKeep(kept).flatMap(({ start, end }) => origin.slice(start, end)));
      for (const { start, end } of spans) {
        for (let at = start; at < end; at++) if (/[\p{L}\p{N}]/u.test(text[at]!)) expect(again).toContain(at);
      }
    }),
    { numRuns: 500 },
  );
});

test("aliases are read as what they mean, and stay whole", () => {
  const legend = { "§1": "not a", "§2": "wide" };
  const { findMustKeep } = createTextRules({ mustKeep: [], query: undefined }, legend);
  const covered = (text: string) => findMustKeep(text).map(({ start, end }) => text.slice(start, end));
  expect(covered("it is §1 barrier §2 enough, §2 or §3")).toEqual(["§1 barrier §2 enough", "§3"]);
  expect(covered("this is so§2 and never §2.")).toEqual(["never §2"]);
  expect(covered("plain")).toEqual([]);
});
