import { describe, expect, it } from "vitest";
import { reduceLines } from "../../../src/compress/reduce/reduce-lines.js";
import { lawsOfLineReducers, reduceText, writeChoice } from "./line-reducer-laws.js";

describe("reduceLines", () => {
  lawsOfLineReducers(reduceLines);

  it("rewrites nothing", async () => {
    const { loss } = await reduceText(reduceLines, "a  b   \n\n\na  b   \na  b   \n");
    expect(loss).toBe("none");
  });

  it("marks each gap once", async () => {
    const { written } = await writeChoice(reduceLines, "one\ntwo\nthree\nfour\n", (index) => index === 2);
    expect(written).toBe("[…2 lines]\nthree\n[…1 line]\n");
  });
});
