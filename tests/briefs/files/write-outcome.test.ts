/** A kill at any moment leaves the old compressed brief or the new one, never half of one. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { openOfflineBrain } from "../../../src/briefs/brain/open-offline-brain.js";
import { compressBrief } from "../../../src/briefs/compress-brief.js";
import { checkBrief } from "../../../src/briefs/files/check-brief.js";
import { writeOutcome } from "../../../src/briefs/files/write-outcome.js";
import { singleLevel } from "../../../src/briefs/levels.js";
import { readBriefMeta, writeBriefMeta } from "../../../src/briefs/meta/brief-meta.js";
import { loadMethodologies } from "../../../src/briefs/methodologies/load-methodologies.js";
import { parsePipeline } from "../../../src/briefs/methodologies/parse-pipeline.js";
import { loadTokenCounter } from "../../../src/engine/tokens/load-token-counter.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brevis-outcome-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function compress(source: string, threshold = 0.75) {
  const [outcome] = await compressBrief(source, {
    brain: openOfflineBrain(),
    pipeline: parsePipeline("[[offline]]", await loadMethodologies()),
    levels: [singleLevel(threshold)],
    counter: await loadTokenCounter(),
  });
  return outcome!;
}

const source =
  "# A\n\nThank you all very much for reading this.\n\n- Please always run the tests before you push anything.\n";

it("writes and replaces whole files only, whenever the process is killed", async () => {
  expect(inject("compileErrors")).toBe("");
  const texts = ["a", "b"].map((letter) => `${letter.repeat(200_000)}\n`);
  const writer = `
    import { writeOutcome } from ${JSON.stringify(join(import.meta.dirname, "../../../dist/briefs/files/write-outcome.js"))};
    const outcome = JSON.parse(process.argv[1]);
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000) + "\\n");
    process.stdout.write("ready");
    for (let round = 0; ; round++) await writeOutcome(process.argv[2], { ...outcome, text: texts[round % 2] });
  `;
  const brief = join(folder, "a.md");
  writeFileSync(brief, source);
  const { meta, level } = await compress(source);
  let seen = 0;
  for (let kill = 0; kill < 6; kill++) {
    const child = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      writer,
      JSON.stringify({ meta, level }),
      brief,
    ]);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, 15 + 23 * kill));
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    if (!existsSync(`${brief}.min`)) continue;
    seen++;
    expect(texts.includes(readFileSync(`${brief}.min`, "utf8"))).toBe(true);
    if (existsSync(`${brief}.min.meta`)) expect(readBriefMeta(readFileSync(`${brief}.min.meta`, "utf8"))).toEqual(meta);
    // The text is none that the meta tells of, which the check says.
    expect(await checkBrief(brief, source, level)).toEqual(expect.any(String));
  }
  expect(seen).toBeGreaterThan(0);
});

it("takes the compressed brief of before away when one is rejected, and leaves a meta without it", async () => {
  const brief = join(folder, "a.md");
  writeFileSync(brief, source);
  const accepted = await compress(source);
  await writeOutcome(brief, accepted);
  expect(await checkBrief(brief, source, accepted.level)).toBeUndefined();
  const { minified: _, ...meta } = accepted.meta;
  const rejected = {
    level: accepted.level,
    meta: { ...meta, decision: "rejected" as const, reason: "retention 0.5 < threshold 0.75" },
  };
  await writeOutcome(brief, rejected);
  expect(readdirSync(folder).sort()).toEqual(["a.md", "a.md.min.meta"]);
  expect(readBriefMeta(readFileSync(`${brief}.min.meta`, "utf8"))).not.toHaveProperty("minified");
  expect(await checkBrief(brief, source, rejected.level)).toBeUndefined();
  writeFileSync(`${brief}.min`, "left over");
  expect(await checkBrief(brief, source, rejected.level)).toMatch(/rejected/u);
});

it("writes the keys of a meta in one order, whatever order they come in", async () => {
  const { meta } = await compress(source);
  const backwards = Object.fromEntries(Object.entries(meta).reverse());
  const written = writeBriefMeta(backwards as never);
  expect(written).toBe(writeBriefMeta(meta));
  expect(Object.keys(JSON.parse(written)).slice(0, 6)).toEqual([
    "decision",
    "reason",
    "comment",
    "source",
    "minified",
    "metrics",
  ]);
  expect(Object.keys(JSON.parse(written).source)).toEqual(["sha256", "tokens", "kernels", "density"]);
  const metrics = JSON.parse(written).metrics;
  for (const list of [metrics.kernelsRetained, metrics.kernelsLost])
    expect(list.every((id: unknown) => typeof id === "string")).toBe(true);
});
