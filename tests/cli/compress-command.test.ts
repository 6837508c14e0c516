import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collectRun, makeFolder, runBrevis, startBrevis } from "./run-brevis.js";

const story =
  "The quick brown fox jumps over the lazy dog while seven other animals watch from the quiet hill.\n".repeat(5);

describe("brevis compress", () => {
  it("prints the text on standard output and, without a terminal, nothing else anywhere", async () => {
    const cwd = makeFolder({ "a.txt": story });
    const run = await runBrevis(["compress", "a.txt", "--rate", "0.6"], { cwd });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout.length).toBeGreaterThan(0);
    expect(run.stdout.length).toBeLessThan(story.length);
  });

  it("reads standard input, with and without -", async () => {
    const implied = await runBrevis(["compress"], { stdin: story });
    const named = await runBrevis(["compress", "-"], { stdin: story });
    expect(implied.code).toBe(0);
    expect(named.stdout).toBe(implied.stdout);
  });

  it("prints the result as JSON, counts included", async () => {
    const { stdout } = await runBrevis(["compress", "--json", "--budget", "20"], { stdin: story });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ decision: "compressed", loss: "lossy", tokens: { tokenizer: "o200k_base" } });
    expect(result.tokens.compressed).toBeLessThan(result.tokens.original);
  });

  it("gives several results in order, each on a line of its own", async () => {
    const cwd = makeFolder({ "a.txt": "1st", "b.txt": "2nd\n", "c.txt": "3rd" });
    const run = await runBrevis(["compress", "c.txt", "b.txt", "a.txt"], { cwd });
    expect(run.stdout).toBe("3rd\n2nd\n1st");
    const json = await runBrevis(["compress", "--json", "c.txt", "a.txt"], { cwd });
    const results = json.stdout.trimEnd().split("\n");
    expect(results.map((line) => JSON.parse(line).file)).toEqual(["c.txt", "a.txt"]);
  });

  it("sums up on standard error when asked", async () => {
    const { stderr } = await runBrevis(["compress", "-v"], { stdin: story });
    expect(stderr).toMatch(/^standard input: \d+ -> \d+ tokens \(\d+ %, [\d.]+x\), prose, loss lossy, \d+ ms/mu);
  });

  it("says when the budget cannot be reached, unless quiet", async () => {
    const stdin = "Error 1 Error 2 Error 3 Error 4 and so on and so forth";
    expect((await runBrevis(["compress", "--budget", "2"], { stdin })).stderr).toMatch(/budget is 2/u);
    expect((await runBrevis(["compress", "--budget", "2", "-q"], { stdin })).stderr).toBe("");
  });

  it("refuses to print a text without the legend that it needs", async () => {
    const args = ["compress", "--legend", "separate"];
    const run = await runBrevis(args, { stdin: story });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(run.stderr).toMatch(/--json or --jsonl with --legend separate/u);
    const { stdout } = await runBrevis([...args, "--json", "--mode", "lossless"], { stdin: story });
    expect(JSON.parse(stdout).legend).toHaveProperty("§1");
  });

  it("takes RE2 syntax that a RegExp would refuse", async () => {
    const args = ["compress", "--must-keep", "(?i)LAZY", "--must-keep", "\\Qquiet hill\\E", "--dictionary", "off"];
    const run = await runBrevis(args, { stdin: story });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout.match(/lazy/gu)).toHaveLength(5);
  });
});

describe("brevis compress -o", () => {
  it("writes a file that appears whole, and leaves nothing beside it", async () => {
    const cwd = makeFolder({ "a.txt": story });
    const run = await runBrevis(["compress", "a.txt", "-o", "b.txt"], { cwd });
    expect(run).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(join(cwd, "b.txt"), "utf8").length).toBeGreaterThan(0);
    expect(readdirSync(cwd).sort()).toEqual(["a.txt", "b.txt"]);
  });

  it("leaves an older output as it was when a later input fails", async () => {
    const cwd = makeFolder({ "a.txt": story, "out.txt": "before" });
    const run = await runBrevis(["compress", "a.txt", "absent.txt", "-o", "out.txt"], { cwd });
    expect(run.code).toBe(2);
    expect(readFileSync(join(cwd, "out.txt"), "utf8")).toBe("before");
    expect(readdirSync(cwd).sort()).toEqual(["a.txt", "out.txt"]);
  });

  it("keeps the mode of the file that it replaces, and the link that leads to it", async () => {
    const cwd = makeFolder({ "a.txt": "1st" });
    writeFileSync(join(cwd, "real.txt"), "before", { mode: 0o600 });
    symlinkSync("real.txt", join(cwd, "link.txt"));
    expect((await runBrevis(["compress", "a.txt", "-o", "link.txt"], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, "real.txt"), "utf8")).toBe("1st");
    expect(statSync(join(cwd, "real.txt")).mode & 0o777).toBe(0o600);
  });

  it("writes a file a source into a folder, and refuses two of one name", async () => {
    const cwd = makeFolder({ "a.txt": "1st", "b.txt": "2nd" });
    mkdirSync(join(cwd, "out"));
    mkdirSync(join(cwd, "sub"));
    writeFileSync(join(cwd, "sub", "a.txt"), "other");
    expect((await runBrevis(["compress", "a.txt", "b.txt", "-o", "out"], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, "out", "b.txt"), "utf8")).toBe("2nd");
    const twice = await runBrevis(["compress", "a.txt", "sub/a.txt", "-o", "out"], { cwd });
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining("two would be written to") });
  });

  it("removes what it had begun when it is interrupted, and exits with 130", async () => {
    const cwd = makeFolder({ "out.jsonl": "before" });
    const child = startBrevis(["compress", "--jsonl", "-", "-o", "out.jsonl"], { cwd });
    const ended = collectRun(child);
    child.stdin!.write('{"text":"one"}\n');
    while (readdirSync(cwd).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect(readdirSync(cwd)).toEqual(["out.jsonl"]);
    expect(readFileSync(join(cwd, "out.jsonl"), "utf8")).toBe("before");
  });
});

describe("brevis compress says what is wrong:", () => {
  const binary = Buffer.concat([Buffer.from("plain text, then é"), Buffer.from([0xc3, 0x28, 0xff])]);
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("text", "utf16le")]);
  it.each([
    ["a missing file", ["absent.txt"], 2, "Expected a file but there is no absent.txt"],
    ["a folder", ["."], 2, "Expected a file but . is a directory"],
    ["bytes that are no UTF-8", ["binary"], 2, "binary holds the byte 0xc3 at offset 19"],
    ["UTF-16", ["utf16"], 2, "iconv -f UTF-16 -t UTF-8 utf16"],
    ["a rate that is no number", ["a.txt", "--rate", "half"], 2, 'Expected a number for --rate but received "half"'],
    ["a rate above 1", ["a.txt", "--rate", "3"], 2, "received 3"],
    ["two goals", ["a.txt", "--rate", "0.5", "--budget", "9"], 2, "rate: 0.5, budget: 9"],
    ["an unknown mode", ["a.txt", "--mode", "fast"], 2, "lossless, extractive, abstractive"],
    ["an unknown flag", ["a.txt", "--fast"], 2, "unknown option '--fast'"],
    ["look-ahead", ["a.txt", "--must-keep", "a(?=b)"], 2, "Expected RE2 syntax"],
    ["a missing model", ["a.txt", "--model", "nowhere"], 3, "nowhere"],
    ["a folder that is not there", ["a.txt", "-o", "no/where.txt"], 4, "its folder does not exist"],
    ["a full disk behind -o", ["a.txt", "-o", "/dev/full"], 4, "the disk is full"],
    ["files beside --jsonl", ["a.txt", "--jsonl", "b"], 2, "Expected --jsonl alone"],
  ])("%s", async (_, args, code, message) => {
    const cwd = makeFolder({ "a.txt": story, binary, utf16 });
    const run = await runBrevis(["compress", ...args], { cwd });
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/^\s+at /mu);
  });

  it("a closed pipe, quietly, with the code of tools that die of it", async () => {
    const child = startBrevis(["compress", "--jsonl", "-"]);
    child.stdin!.on("error", () => {});
    const ended = collectRun(child);
    child.stdin!.write(`{"text":"one"}\n`);
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    child.stdin!.end(`{"text":"two"}\n`.repeat(500));
    expect(await ended).toMatchObject({ code: 141, stderr: "" });
  });
});
