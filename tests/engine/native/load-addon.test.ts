import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { engineAbiVersion } from "../../../src/engine/native/addon-types.js";
import { loadAddon, loadAddonFrom } from "../../../src/engine/native/load-addon.js";

const folder = mkdtempSync(join(tmpdir(), "brevis-addon-"));
const addonPath = join(import.meta.dirname, "../../../build/native/brevis.node");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeModule(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("loadAddonFrom", () => {
  it("says that an addon was not built where there is no file", () => {
    const path = join(folder, "absent.node");
    expect(loadAddonFrom(path)).toMatchObject({ loaded: false, reason: "not-built", path });
  });

  it("says that a file which is no addon could not be loaded", () => {
    const outcome = loadAddonFrom(writeModule("text.node", "not a shared library"));
    expect(outcome).toMatchObject({ loaded: false, reason: "load-failed" });
  });

  it("refuses an addon of another ABI version and names both versions", () => {
    const outcome = loadAddonFrom(writeModule("other.cjs", "module.exports = { abiVersion: 4711 };"));
    expect(outcome).toMatchObject({ loaded: false, reason: "wrong-version" });
    expect(outcome).toHaveProperty("message", expect.stringContaining(`ABI version ${engineAbiVersion}`));
    expect(outcome).toHaveProperty("message", expect.stringContaining("4711"));
  });

  it.each([
    ["undefined.cjs", "module.exports = undefined;", "wrong-version"],
    ["null.cjs", "module.exports = null;", "wrong-version"],
    ["throwing.cjs", "throw 1;", "load-failed"],
  ])("never throws: %s", (name, content, reason) => {
    expect(loadAddonFrom(writeModule(name, content))).toMatchObject({ loaded: false, reason });
  });
});

describe("the ABI version", () => {
  it("is that of the engine contract's header", () => {
    const header = readFileSync(join(import.meta.dirname, "../../../native/include/brevis_engine.h"), "utf8");
    expect(header).toMatch(new RegExp(`#define BRV_ENGINE_ABI_VERSION ${engineAbiVersion}u\\b`));
  });
});

describe.skipIf(!existsSync(addonPath))("the addon that this checkout built", () => {
  it("loads, and reports its ABI version", () => {
    expect(loadAddon()).toMatchObject({ loaded: true, abiVersion: engineAbiVersion, path: addonPath });
  });

  it("loads in worker threads too, side by side", async () => {
    const script = `require("node:worker_threads").parentPort.postMessage(require(${JSON.stringify(addonPath)}).abiVersion)`;
    const loadInWorker = () =>
      new Promise((resolve, reject) => {
        new Worker(script, { eval: true }).once("message", resolve).once("error", reject);
      });
    const versions = await Promise.all(Array.from({ length: 4 }, loadInWorker));
    expect(versions).toEqual(Array.from({ length: 4 }, () => engineAbiVersion));
  });
});
