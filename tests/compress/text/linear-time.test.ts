import { expect, test } from "vitest";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";

const rules = createTextRules({ mustKeep: ["zz", /z+y/], query: 'which user retried "slow uploads"' });

/** Long enough that quadratic work would take minutes and run into the test's time limit. */
const length = 300_000;

test.each([
  "(",
  ")",
  "()",
  "a",
  "_",
  " ",
  '"',
  ' "a',
  "`a",
  "“",
  "not a ",
  "n't ",
  "5 ",
  "5",
  "5 x ",
  "不是的",
  "ませなか",
  "ไม่",
  ".",
  "/",
  "a:",
  "a.",
  "exit with ",
  "1 a b ",
  "[…",
  "[…1",
  "\n",
  "\r\n",
  "\n\t",
  "\ntests ",
  "\nRan 1 ",
  "E    ",
  "AError",
  "a.b:",
  "make[1",
  "\0",
  "\ud800",
  "\u0301",
  "e\u0301",
  "z",
  "user retried ",
  "<",
  "-",
  "--",
  "~",
  "=",
  "$",
  "A",
  "aA",
  "at least ",
  "ا",
  "않 ",
])("a long run of %j is scanned in linear time", (piece) => {
  const text = piece.repeat(Math.ceil(length / piece.length));
  expect(typeof rules.isEvidence(text)).toBe("boolean");
  expect(typeof rules.isEvidence(`1${text}`)).toBe("boolean");
  expect(Array.isArray(rules.findMustKeep(text))).toBe(true);
  expect(rules.queryRelevance(text)).toBeLessThanOrEqual(1);
});
