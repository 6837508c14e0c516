import { describe, expect, it } from "vitest";
import { countExpected } from "../../../src/bench/quality/cases/peer-inputs.js";

const count = (expected: string[], text: string) => countExpected({ expect: expected }, { text })["expected strings"];

describe("expected strings", () => {
  it("stay where they stand as they are, even within a word", () => {
    expect(count(["rror: no such file"], "Error: no such file")).toEqual([1, 1]);
  });

  it("stay where only marks between their words changed", () => {
    expect(count(['"stars": 530712'], "stars: 530712")).toEqual([1, 1]);
  });

  it("are lost where a word is gone, or its neighbour came to be another", () => {
    expect(count(["exit code 1", "not found"], "exit code 21, not it was found")).toEqual([0, 2]);
  });
});
