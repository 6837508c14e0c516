import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../../src/capture/open-capture.js";
import { editText } from "../../../src/cli/commands/records/review/edit-text.js";
import { compress } from "../../../src/compress/compress.js";
import { pairSchema } from "../../../src/records/pair.js";
import { makeFolder, runBrevis } from "../run-brevis.js";

const report = (at: number) =>
  `As you may remember, the pump P-${at} of the north hall was, after quite a long discussion, replaced on day ${at} by the team, since its bearing had worn out again. Ask ann${at}@example.com about it if you would like to know more.`;

describe("from traffic to pairs", () => {
  it("captures, proposes, reviews by flags, checks and deletes", async () => {
    const home = makeFolder();
    const folder = join(home, "captured");
    const setting = { env: { BREVIS_HOME: home } };
    const capture = openCapture({ folder });
    for (let at = 1; at <= 3; at++) await compress(report(at), { capture, engine: "none" });
    await capture.close();

    const proposed = await runBrevis(["records", "propose", "--rate", "0.6", "--json"], setting);
    expect([proposed.code, JSON.parse(proposed.stdout)]).toEqual([
      0,
      { output: join(folder, "proposals.jsonl"), proposed: 3 },
    ]);
    const again = await runBrevis(["records", "propose"], setting);
    expect(again.stderr).toContain("0 pairs proposed");
    expect(again.stderr).toContain("3 proposed before");

    const noTerminal = await runBrevis(["records", "review"], setting);
    expect([noTerminal.code, noTerminal.stderr]).toEqual([2, expect.stringContaining("--accept-all")]);
    const listed = (await runBrevis(["records", "review", "--list"], setting)).stdout.trim().split("\n");
    const ids = listed.map((line) => JSON.parse(line).id);
    expect(listed[0]).toContain("REDACTED_EMAIL_1");
    const output = join(makeFolder(), "pairs.jsonl");
    const flags = ["--accept", ids[0], "--reject", ids[1], "-o", output, "--json"];
    const reviewed = await runBrevis(["records", "review", ...flags], setting);
    expect(JSON.parse(reviewed.stdout)).toEqual({ accepted: 1, rejected: 1, pending: 1, output });
    const accepted = readFileSync(output, "utf8");
    expect([accepted, pairSchema.parse(JSON.parse(accepted)).id]).toEqual([
      expect.not.stringContaining("example.com"),
      ids[0],
    ]);

    const cleared = await runBrevis(["capture", "clear", "--json"], setting);
    expect(JSON.parse(cleared.stdout)).toMatchObject({ left: [output] });
    expect(JSON.parse(cleared.stdout).deleted.map(({ path }: { path: string }) => path.split("/").at(-1))).toEqual(
      expect.arrayContaining(["proposals.jsonl", "decisions.jsonl"]),
    );
  }, 60_000);

  it("edits a text in the user's editor", async () => {
    const script = join(makeFolder(), "editor with a space.sh");
    writeFileSync(script, '#!/bin/sh\nsed -i "s/before/after/" "$2"\n', { mode: 0o755 });
    const editor = { EDITOR: `"${script}" --flag` };
    expect(await editText("the text before", editor)).toBe("the text after");
    await expect(editText("the text", { EDITOR: "false" })).rejects.toMatchObject({ code: "invalid-option" });
  });
});
