import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, runBrevis } from "./run-brevis.js";

const words = "many words that say rather little about anything in particular, over and over again";

function parseLines(text: string): Record<string, unknown>[] {
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

describe("brevis compress --jsonl", () => {
  it("gives each record back with its fields and its result", async () => {
    const cwd = makeFolder({ "in.jsonl": `{"id":1,"text":"${words}"}\r\n\n{"text":"not","id":2}` });
    const run = await runBrevis(["compress", "--jsonl", "in.jsonl", "-o", "out.jsonl"], { cwd });
    expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const records = parseLines(readFileSync(join(cwd, "out.jsonl"), "utf8"));
    expect(records).toMatchObject([
      { id: 1, text: words, result: { decision: "compressed" } },
      { id: 2, text: "not", result: { decision: "unchanged", text: "not" } },
    ]);
  });

  it("leaves the bytes of a record's fields alone", async () => {
    const record = '{ "id": 12345678901234567890, "text": "\\u00e9", "nested": {"a" : 1.0} }';
    const { stdout } = await runBrevis(["compress", "--jsonl", "-", "--rate", "1"], { stdin: record });
    expect(stdout.startsWith(`${record.slice(0, -1)},"result":{`)).toBe(true);
    expect(parseLines(stdout)[0]).toMatchObject({ text: "é", result: { text: "é" } });
  });

  it("replaces a result that a record already has, and takes another field of text", async () => {
    const stdin = '{"result":"old","output":"x"}\n{}';
    const { stdout, code } = await runBrevis(["compress", "--jsonl", "-", "--text-field", "output", "--rate", "1"], {
      stdin,
    });
    expect(code).toBe(0);
    const error = { code: "invalid-input" };
    expect(parseLines(stdout)).toMatchObject([{ result: { text: "x" } }, { result: { error } }]);
  });

  it("keeps failing records in place and says which line", async () => {
    const lines = ['{"text":"a"}', "{broken", '["array"]', '{"text":7}', '{"other":1}', '{"text":"z"}'];
    const stdin = Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), Buffer.from([0x22, 0xff, 0x22])]);
    const { stdout, stderr, code } = await runBrevis(["compress", "--jsonl", "-", "--rate", "1"], { stdin });
    type Result = { text?: string; error?: { code: string; message: string } };
    const results = parseLines(stdout).map(({ result }) => result as Result);
    expect(code).toBe(0);
    const wrong = "invalid-input";
    const expected = ["a", wrong, wrong, wrong, wrong, "z", "input-not-utf8"];
    expect(results.map(({ text, error }) => text ?? error?.code)).toEqual(expected);
    expect(results[1]!.error!.message).toMatch(/^standard input:2: Expected a JSON object/u);
    expect(results[3]!.error!.message).toContain('Expected text in the field "text" but received a number');
    expect(stderr).toContain("standard input:2:");
    expect(stderr).toContain("5 of 7 records failed");
  });

  it("refuses wrong options once, before the first record", async () => {
    const run = await runBrevis(["compress", "--jsonl", "-", "--rate", "7"], { stdin: '{"text":"a"}\n{"text":"b"}' });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr.match(/received 7/gu)).toHaveLength(1);
  });

  it("reads lines across the chunks in which they arrive", async () => {
    const long = words.repeat(2000);
    const stdin = Array.from({ length: 3 }, (_, id) => JSON.stringify({ id, text: long })).join("\n");
    const { stdout } = await runBrevis(["compress", "--jsonl", "-", "--budget", "1000000"], { stdin });
    expect(parseLines(stdout).map(({ id, text }) => [id, text === long])).toEqual([0, 1, 2].map((id) => [id, true]));
  });
});
