import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { briefMetaSchema } from "../../src/briefs/meta/brief-meta.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const brief = `# Guide for agents

This file provides guidance to coding agents that work in this repository. Thank you for helping us to keep it in good shape!

## Tests

Please make sure that you always run \`npm test\` before you open a pull request, because a red build blocks everybody else who
works in this repository and costs the whole team a lot of time. It is important to note that the tests must not take more than
30 seconds. In general, you should prefer the real implementation over a mock, since mocks tend to drift away from what they mock.

## Releases

- Never push to \`main\` directly, as this bypasses the review that all of us rely on.
- You may skip the changelog when a change is not visible to users, for example when you only rename a variable.
`;

function readMeta(folder: string, name = "AGENTS.md.min.meta") {
  return briefMetaSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
}

describe("brevis brief compress --offline", () => {
  it("writes a shorter brief that keeps every kernel, and a meta that accounts for it", async () => {
    const folder = makeFolder({ "AGENTS.md": brief });
    const { code, stdout, stderr } = await runBrevis(["brief", "compress", join(folder, "AGENTS.md"), "--offline"]);
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/AGENTS\.md\.min .*x .*1\.000/u);
    const text = readFileSync(join(folder, "AGENTS.md.min"), "utf8");
    for (const said of [
      "always run",
      "npm test",
      "must not",
      "30 seconds",
      "should prefer",
      "Never push",
      "main",
      "may skip",
    ]) {
      expect(text).toContain(said);
    }
    expect(text).not.toContain("Thank you");
    const meta = readMeta(folder);
    expect(meta.metrics).toMatchObject({ retentionRatio: 1, kernelsLost: [] });
    expect(meta.metrics.compressionRatio).toBeGreaterThanOrEqual(1.8);
    expect(meta.meta).toMatchObject({ brainSlug: "offline", candidatesEvaluated: 3, brainCalls: 0, cost: 0 });
    expect(meta.meta.extraction).toEqual({ extractor: "offline", runs: 1, agreement: null });
    expect(readFileSync(join(folder, "AGENTS.md"), "utf8")).toBe(brief);
  });

  it("writes the same bytes every time", async () => {
    const folder = makeFolder({ "AGENTS.md": brief });
    const run = () => runBrevis(["brief", "compress", folder, "--offline", "--quiet"]);
    await run();
    const first = [".min", ".min.meta"].map((suffix) => readFileSync(join(folder, `AGENTS.md${suffix}`)));
    await run();
    expect([".min", ".min.meta"].map((suffix) => readFileSync(join(folder, `AGENTS.md${suffix}`)))).toEqual(first);
  });

  it("--check fails when a brief has changed, was never compressed, or has another compressed form than its meta says", async () => {
    const folder = makeFolder({ "AGENTS.md": brief });
    const check = async () => (await runBrevis(["brief", "compress", folder, "--check"])).code;
    expect(await check()).toBe(1);
    await runBrevis(["brief", "compress", folder, "--offline"]);
    expect(await check()).toBe(0);
    writeFileSync(join(folder, "AGENTS.md.min"), "something else\n");
    expect(await check()).toBe(1);
    await runBrevis(["brief", "compress", folder, "--offline"]);
    writeFileSync(join(folder, "AGENTS.md"), `${brief}\n- Always sign commits.\n`);
    expect(await check()).toBe(1);
  });

  it("--restore takes away what was written, and only that", async () => {
    const folder = makeFolder({ "AGENTS.md": brief, "own.md": "# Own\n", "own.md.min": "written by hand" });
    await runBrevis(["brief", "compress", join(folder, "AGENTS.md"), "--offline"]);
    const { code } = await runBrevis(["brief", "compress", folder, "--restore"]);
    expect(code).toBe(0);
    expect(existsSync(join(folder, "AGENTS.md.min"))).toBe(false);
    expect(existsSync(join(folder, "AGENTS.md.min.meta"))).toBe(false);
    expect(readFileSync(join(folder, "own.md.min"), "utf8")).toBe("written by hand");
  });

  it("--levels writes three files with gates of their own", async () => {
    const folder = makeFolder({ "AGENTS.md": brief });
    const { code } = await runBrevis(["brief", "compress", folder, "--offline", "--levels"]);
    expect(code).toBe(0);
    const thresholds = ["light", "", "aggressive"].map((level) => {
      const suffix = level === "" ? ".min" : `.min.${level}`;
      const meta = readMeta(folder, `AGENTS.md${suffix}.meta`);
      expect(existsSync(join(folder, `AGENTS.md${suffix}`))).toBe(meta.minified !== undefined);
      return meta.meta.threshold;
    });
    expect(thresholds).toEqual([0.95, 0.8, 0.6]);
  });

  it.each([
    ["an empty brief", "empty.md", "", /is empty/u],
    ["a binary file", "binary.md", Buffer.from([0x23, 0x20, 0x00, 0x01, 0x02]), /binary/u],
    ["5 MB", "huge.md", "Never do this, whatever it is. ".repeat(170_000), /at most 1048576 characters/u],
    ["bytes that are no UTF-8", "latin.md", Buffer.from([0x23, 0x20, 0xe9, 0x0a]), /UTF-8/u],
  ])("refuses %s with a clear error and exit code 2", async (_, name, content, message) => {
    const folder = makeFolder({ [name]: content });
    const { code, stderr } = await runBrevis(["brief", "compress", join(folder, name), "--offline"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, `${name}.min`))).toBe(false);
  });

  it("goes on with other briefs where one fails, and exits with that failure's code", async () => {
    const folder = makeFolder({ "AGENTS.md": brief, "empty.md": " \n" });
    const { code, stderr } = await runBrevis(["brief", "compress", folder, "--offline"]);
    expect(code).toBe(2);
    expect(stderr).toContain("empty.md");
    expect(existsSync(join(folder, "AGENTS.md.min"))).toBe(true);
  });

  it.each([
    [["--offline", "--pipeline", "[[sitrep]]"], /steps of this machine/u],
    [["--offline", "--pipeline", "[[nonsense]]"], /methodology/u],
    [["--offline", "--pipeline", "offline"], /lists of methodologies/u],
    [[], /--offline/u],
    [["--offline", "--threshold", "2"], /from 0 to 1/u],
    [["--check", "--watch"], /one of/u],
  ])("refuses %j", async (flags, message) => {
    const folder = makeFolder({ "AGENTS.md": brief });
    const { code, stderr } = await runBrevis(["brief", "compress", folder, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
