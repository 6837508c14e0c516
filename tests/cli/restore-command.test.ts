import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, runBrevis } from "./run-brevis.js";

const log = `${Array.from({ length: 60 }, (_, index) => `12:00:${index} worker ${index % 5} finished job ${index * 37}`).join("\n")}\n`;

describe("brevis restore", () => {
  it("brings back by id what `brevis compress` left out, in another process", async () => {
    const cwd = makeFolder({ "a.log": log });
    const args = ["compress", "a.log", "--kind", "log", "--dictionary", "off", "--rate", "0.3"];
    const { stdout, stderr } = await runBrevis([...args, "-v"], { cwd });
    const markerId = /#(\d{12})\]/u.exec(stdout)![1]!;
    const slice = await runBrevis(["restore", markerId], { cwd });
    expect(slice.code).toBe(0);
    expect(slice.stdout).not.toBe("");
    expect(log).toContain(slice.stdout);
    const sourceId = /`brevis restore (\d{12})`/u.exec(stderr)![1]!;
    expect((await runBrevis(["restore", sourceId], { cwd })).stdout).toBe(log);
  });

  it.each([
    ["lossy", ["--rate", "0.3"]],
    ["lossless", ["--mode", "lossless"]],
  ])("brings back a %s result that was written as JSON", async (_, flags) => {
    const cwd = makeFolder({ "a.log": log });
    await runBrevis(["compress", "a.log", ...flags, "--json", "-o", "r.json"], { cwd });
    const run = await runBrevis(["restore", "r.json", "-o", "b.log"], { cwd });
    expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(cwd, "b.log"), "utf8")).toBe(log);
  });

  it("reads a result, a record with one, or a compressed text from standard input", async () => {
    const cwd = makeFolder();
    const { stdout } = await runBrevis(["compress", "--json"], { stdin: log, cwd });
    expect((await runBrevis(["restore", "-"], { stdin: stdout, cwd })).stdout).toBe(log);
    expect((await runBrevis(["restore", "-"], { stdin: `{"id":1,"result":${stdout}}`, cwd })).stdout).toBe(log);
    const legend = "Legend: §1=word\n§1 and §1";
    expect((await runBrevis(["restore", "-"], { stdin: legend, cwd })).stdout).toBe("word and word");
  });

  it.each([
    ["an id of another store", ["123456789012"], 2, "received 123456789012"],
    ["a file that is not there", ["absent.json"], 2, "there is no absent.json"],
    ["a result that was made without a store", ["r.json"], 2, "has none"],
    ["a store that holds something else", ["123456789012", "--store", "."], 2, "holds r.json"],
    ["several results", ["several.jsonl"], 2, "one result but received several"],
  ])("says what is wrong: %s", async (_, args, code, message) => {
    const result = '{"text":"a","loss":"lossy","legend":{}}';
    const cwd = makeFolder({ "r.json": result, "several.jsonl": `${result}\n${result}\n` });
    const run = await runBrevis(["restore", ...args], { cwd });
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(message);
  });

  it("keeps nothing with --no-store", async () => {
    const cwd = makeFolder();
    const { stdout } = await runBrevis(["compress", "--no-store", "--json", "--kind", "log"], { stdin: log, cwd });
    expect(JSON.parse(stdout).id).toBeUndefined();
    expect(stdout).not.toMatch(/#\d{12}\]/u);
  });

  it("compresses all the same when the user's store cannot be opened, and says so", async () => {
    const cwd = makeFolder({ file: "" });
    writeFileSync(join(cwd, "a.log"), log);
    const run = await runBrevis(["compress", "a.log"], { cwd, env: { BREVIS_STORE: join(cwd, "file", "store") } });
    expect(run.code).toBe(0);
    expect(run.stdout.length).toBeGreaterThan(0);
    expect(run.stderr).toContain("What is left out is not kept");
  });
});
