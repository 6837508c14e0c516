import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readCapturedInputs } from "../../../src/capture/captured-input.js";
import { readEverything } from "../../capture/read-everything.js";
import { openTestServer } from "../open-test-server.js";

const body = {
  text: "Mail ops@example.com: the pump of the north hall was replaced on day 4, since its bearing had worn out.",
};

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-serve-capture-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "captured");
}

describe("capture of brevis serve", () => {
  it("keeps the texts of requests without their secrets where the operator wants it", async () => {
    const folder = makeFolder();
    const server = await openTestServer({ capture: { enabled: true, folder } });
    // A remembered result is captured once.
    for (let time = 0; time < 2; time++) expect((await server.post("/api/compress", body)).status).toBe(200);
    await server.close();
    const texts = [];
    for await (const { text } of readCapturedInputs(folder)) texts.push(text);
    expect(texts).toEqual([body.text.replace("ops@example.com", "REDACTED_EMAIL_1")]);
    expect(readEverything(folder)).not.toContain("example.com");
  });

  it("keeps nothing by default", async () => {
    const folder = makeFolder();
    const server = await openTestServer({ capture: { folder } });
    await server.post("/api/compress", body);
    await server.close();
    expect(existsSync(folder)).toBe(false);
  });
});
