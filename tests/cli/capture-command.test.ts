import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/open-capture.js";
import type { CompressResult } from "../../src/compress/types.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

const result = { kind: "prose", rate: 0.5, tokens: { original: 20 } } as CompressResult;

describe("brevis capture", () => {
  it("says what was captured, deletes it, and says what it deleted", async () => {
    const home = makeFolder();
    const env = { BREVIS_HOME: home };
    const folder = join(home, "captured");
    const capture = openCapture({ folder });
    capture.record("Ask ann@example.com why the pump of the north hall stood still on day 4.", result);
    await capture.close();
    writeFileSync(join(folder, "mine.txt"), "");

    const status = await runBrevis(["capture", "status"], { env });
    expect(status.stdout).toMatch(
      /^1 texts of 20 tokens, .*\nkinds: prose 1\nsecrets replaced: EMAIL 1\n.* in 1 files of /u,
    );
    expect(JSON.parse((await runBrevis(["capture", "status", "--json"], { env })).stdout)).toMatchObject({
      folder,
      texts: 1,
      replaced: { EMAIL: 1 },
    });
    const clear = await runBrevis(["capture", "clear"], { env });
    expect([clear.code, clear.stdout]).toEqual([
      0,
      expect.stringMatching(/^deleted .*\.jsonl \(\d+ bytes\)\n1 files, /u),
    ]);
    expect([existsSync(join(folder, "inputs")), existsSync(join(folder, "mine.txt"))]).toEqual([false, true]);
    const after = await runBrevis(["capture", "status"], { env });
    expect(after.stdout).toBe(`Nothing captured in ${folder}.\n`);
  });
});
