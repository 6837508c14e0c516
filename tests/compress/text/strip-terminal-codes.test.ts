import { describe, expect, it } from "vitest";
import { stripTerminalCodes } from "../../../src/compress/text/strip-terminal-codes.js";

describe("stripTerminalCodes", () => {
  it.each([
    ["colours", "\u001b[1;31merror\u001b[0m: no", "error: no"],
    ["cursor movement", "\u001b[2K\u001b[1Gdone", "done"],
    ["a title", "\u001b]0;make\u0007ok", "ok"],
    ["a link", "\u001b]8;;https://a.test\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["bold by overstrike", "N\bNA\bAM\bME\bE", "NAME"],
    ["underline by overstrike", "_\bf_\bi_\bl_\be", "file"],
    ["a character set", "\u001b(Bplain", "plain"],
  ])("removes %s", (_name, given, expected) => expect(stripTerminalCodes(given)).toBe(expected));

  it("leaves text that holds no code, and codes that never end", () => {
    for (const text of ["plain [31m text", "\u001b[31", "\u001b]0;open\nnext", "a\b"]) {
      expect(stripTerminalCodes(text)).toBe(text);
    }
  });

  it("passes over long unfinished sequences", () => {
    const text = `\u001b[${"1;".repeat(200_000)}\n${"\u001b]".repeat(200_000)}`;
    expect(stripTerminalCodes(text)).toBe(text);
  });
});
