import { describe, expect, it } from "vitest";
import { makeFolder, runBrevis } from "./run-brevis.js";

const lines = Array.from({ length: 30 }, (_, at) => `step ${at} went well and nobody had to look at it`);
const output = (id: string, failure: string) => ({
  id,
  kind: "cicd_log",
  command: "make",
  exit_code: 1,
  text: [...lines, failure, ...lines].join("\n"),
});
const makeData = () =>
  makeFolder({
    "tool_outputs.jsonl": [output("a", "error: no such file"), output("b", "fatal: denied")]
      .map((row) => JSON.stringify(row))
      .join("\n"),
  });
const bench = () => ["bench", "quality", "--data", makeData()];

describe("brevis bench quality", () => {
  it("measures what it finds, and says what it skipped", async () => {
    const cases = ["--cases", "evidence", "writers-words", "--rates", "0.5"];
    const { code, stdout, stderr } = await runBrevis([...bench(), ...cases, "--json"]);
    expect(code).toBe(0);
    const { rows, skipped } = JSON.parse(stdout);
    const [first] = rows;
    expect(first).toMatchObject({ case: "evidence", texts: "all", contender: "brevis", asked: 0.5, value: 1 });
    expect(first.kept).toBeGreaterThan(0.1);
    expect(first.kept).toBeLessThanOrEqual(0.5);
    const head = rows.find(({ contender }: { contender: string }) => contender === "truncation, head");
    expect(head.value).toBeLessThan(1);
    expect(skipped).toEqual([{ name: "writers-words", reads: ["compression_pairs.jsonl"] }]);
    expect(stderr).toContain("skipped: writers-words");
  });

  it("draws tables", async () => {
    const { code, stdout } = await runBrevis([...bench(), "--cases", "recovery", "--limit", "1", "--rates", "0.5"]);
    expect(code).toBe(0);
    expect(stdout).toContain("(recovery)");
    expect(stdout).toMatch(/brevis, lossless.*restored byte for byte/u);
  });

  it("names the cases and the data that there are", async () => {
    const wrong = await runBrevis([...bench(), "--cases", "speed"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("writers-words");
    const nowhere = await runBrevis(["bench", "quality", "--data", "/nowhere"]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("/nowhere");
  });
});
