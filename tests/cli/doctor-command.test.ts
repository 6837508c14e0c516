import { describe, expect, it } from "vitest";
import { checkNode } from "../../src/cli/checks/check-machine.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

describe("brevis doctor", () => {
  it("finds what brevis needs here", async () => {
    const run = await runBrevis(["doctor", "--json"]);
    const { ok, checks } = JSON.parse(run.stdout) as { ok: boolean; checks: { name: string; status: string }[] };
    expect(run.code).toBe(0);
    expect(ok).toBe(true);
    expect(checks.map(({ name }) => name)).toEqual([
      "Node",
      "machine",
      "native addon",
      "engine",
      "tokenizers",
      "grammars",
      "store",
      "compression",
    ]);
    // The addon may not be built, and brevis works without.
    for (const { name, status } of checks)
      expect(`${name} ${status}`).toMatch(name === "native addon" ? /ok|warning/u : /ok$/u);
  });

  it("says what does not work and what to do, and exits with 1", async () => {
    const cwd = makeFolder({ file: "" });
    const run = await runBrevis(["doctor", "--store", "file/store"], { cwd });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^failed +store +.*file\/store/mu);
    expect(run.stdout).toContain("BREVIS_STORE");
    expect(run.stdout).toMatch(/^ok +tokenizers/mu);
  });

  it("knows a Node that is too old", () => {
    for (const version of ["18.20.4", "20.18.9"]) expect(checkNode(version).status).toBe("failed");
    for (const version of ["20.19.0", "22.1.0"]) expect(checkNode(version).status).toBe("ok");
  });
});
