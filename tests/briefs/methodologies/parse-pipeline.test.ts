import { describe, expect, it } from "vitest";
import { loadMethodologies } from "../../../src/briefs/methodologies/load-methodologies.js";
import { namesOfPipeline, parsePipeline } from "../../../src/briefs/methodologies/parse-pipeline.js";

const methodologies = await loadMethodologies();
const names = (text: string) => namesOfPipeline(parsePipeline(text, methodologies));

describe("methodologies", () => {
  it("are all there, with prompts and declared targets", () => {
    expect([...methodologies.keys()].sort()).toEqual(
      [
        "abstractive",
        "extractive",
        "kernelize",
        "offline",
        "req-kernels",
        "sitrep",
        "sitrep-aggressive",
        "sitrep-aggro-aware",
        "sitrep-iterative",
        "sitrep-taskaware",
        "telegraphic",
      ].sort(),
    );
    expect(methodologies.get("sitrep-aggressive")!.target).toBe(0.25);
    expect(methodologies.get("sitrep-aggro-aware")!.target).toBe(0.25);
    expect(methodologies.get("sitrep")!.target).toBeUndefined();
    expect(methodologies.get("req-kernels")!.prompt).toContain("{{kernels}}");
  });
});

describe("parsePipeline", () => {
  it.each([
    ["[[kernelize],[sitrep-aggressive],[telegraphic]]", [["kernelize"], ["sitrep-aggressive"], ["telegraphic"]]],
    ['[["sitrep","telegraphic"]]', [["sitrep", "telegraphic"]]],
    ["[ [ sitrep , req-kernels ] , [offline] ]", [["sitrep", "req-kernels"], ["offline"]]],
    ["[sitrep, telegraphic]", [["sitrep", "telegraphic"]]],
  ])("reads %s", (text, passes) => {
    expect(names(text)).toEqual(passes);
  });

  it.each([
    ["sitrep", /lists of methodologies/u],
    ["[]", /lists of methodologies/u],
    ["[[]]", /lists of methodologies/u],
    ["[[sitrep],telegraphic]", /lists of methodologies/u],
    ["[[[sitrep]]]", /lists of methodologies/u],
    ["[[sitrep]", /lists of methodologies/u],
    ["[[1]]", /lists of methodologies/u],
    ["[[haiku]]", /received "haiku"/u],
    ["[[offline,telegraphic]]", /pass by itself/u],
    ["[[req-kernels]]", /only adds/u],
    ["[[sitrep,sitrep]]", /twice/u],
    [`[${"[sitrep],".repeat(8)}[sitrep]]`, /lists of methodologies/u],
  ])("refuses %s", (text, message) => {
    expect(() => names(text)).toThrow(message);
  });
});
