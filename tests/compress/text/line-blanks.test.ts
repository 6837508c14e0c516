import { expect, it } from "vitest";
import { indentationOf, indentOf, trimTrailingBlanks } from "../../../src/compress/text/line-blanks.js";

it("takes the blanks off the end of a line", () => {
  expect(trimTrailingBlanks("a b \t ")).toBe("a b");
  expect(trimTrailingBlanks(" \t")).toBe("");
});

it("measures and gives the blanks that a line begins with", () => {
  expect(indentOf("\t  a ")).toBe(3);
  expect(indentOf("  ")).toBe(2);
  expect(indentationOf("\t  a ")).toBe("\t  ");
});
