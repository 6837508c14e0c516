import { describe, expect, it } from "vitest";
import { loadAddon } from "../../src/engine/native/load-addon.js";
import { makeModelDirectory } from "../engine/models/make-model-directory.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const story = "It was not the first time that the old house on the hill had been sold to people from far away. ".repeat(
  8,
);

describe.skipIf(!loadAddon().loaded)("brevis compress --mode abstractive", () => {
  it("runs the model that is named, and prints what passed the guard as it comes", async () => {
    const cwd = makeFolder({ "a.txt": `${story}A.`, "b.txt": `${story}B.\n` });
    const model = ["--mode", "abstractive", "--model", makeModelDirectory()];
    const whole = await runBrevis(["compress", "a.txt", "b.txt", ...model], { cwd });
    expect(whole.code, whole.stderr).toBe(0);
    // The model's weights are random: its rewrite is none, and the extractive text stands in its place.
    expect(whole.stderr).toMatch(/^brevis: .*a\.txt: 1 passage is compressed extractively: /mu);
    const streamed = await runBrevis(["compress", "a.txt", "b.txt", "--stream", ...model], { cwd });
    expect(streamed).toEqual(whole);
    const plain = await runBrevis(["compress", "a.txt", "b.txt", "--dictionary", "off"], { cwd });
    expect(whole.stdout).toBe(plain.stdout);
  });

  it("loads the model once for all records", async () => {
    const cwd = makeFolder({
      "in.jsonl": `${JSON.stringify({ text: story })}\n${JSON.stringify({ text: "Short." })}\n`,
    });
    const parameters = ["--jsonl", "in.jsonl", "--mode", "abstractive", "--model", makeModelDirectory()];
    const { code, stdout, stderr } = await runBrevis(["compress", ...parameters], { cwd });
    expect(code, stderr).toBe(0);
    const results = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).result);
    expect(results.map(({ decision }) => decision)).toEqual(["compressed", "unchanged"]);
    expect(results[0].warnings).toMatchObject([{ code: "rewrite-rejected" }]);
  });
});

describe("brevis compress", () => {
  it.each([
    ["a model that is not there", ["--mode", "abstractive", "--model", "./nowhere"], 3, "nowhere"],
    ["a model with engine none", ["--mode", "abstractive", "--model", ".", "--engine", "none"], 3, "none"],
    ["an adapter without a model", ["--mode", "abstractive", "--adapter", "."], 3, "none was named"],
    ["--stream with --json", ["--stream", "--json"], 2, "--json"],
    ["--stream with -o", ["--stream", "-o", "out.txt"], 2, "-o"],
  ])("refuses %s", async (_, flags, code, message) => {
    const run = await runBrevis(["compress", ...flags], { stdin: story, cwd: makeFolder() });
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(message);
  });

  it("streams what no model writes in one piece", async () => {
    const streamed = await runBrevis(["compress", "--stream"], { stdin: story });
    expect(streamed).toEqual(await runBrevis(["compress"], { stdin: story }));
  });
});
