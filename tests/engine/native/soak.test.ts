/** A short run of scripts/soak-engine.js; SOAK=1 makes it the long one (`npm run soak`). */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, it } from "vitest";
import { hasAddon, needsAddon } from "./fixture-models.js";

const script = join(import.meta.dirname, "../../../scripts/soak-engine.js");
const flags = ["--expose-gc", "--max-semi-space-size=1"];
const size = process.env.SOAK ? [] : ["--cycles", "200", "--calls", "48"];

describe.skipIf(!hasAddon)(`opening, closing and cancelling many times${needsAddon}`, () => {
  it("leaves no memory, file descriptors or threads behind", { timeout: 3_600_000 }, async () => {
    expect(inject("compileErrors")).toBe("");
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...size, "--json"]);
    const { ok, before, after, grownMiB, growthLimitMiB } = JSON.parse(stdout);
    expect(after).toMatchObject({ descriptors: before.descriptors, threads: before.threads });
    expect(grownMiB).toBeLessThanOrEqual(growthLimitMiB);
    expect(ok).toBe(true);
  });
});
