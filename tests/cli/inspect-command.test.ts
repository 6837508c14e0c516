import { describe, expect, it } from "vitest";
import { makeFolder, runBrevis } from "./run-brevis.js";

const log = Array.from({ length: 9 }, (_, at) => `2026-01-05 12:00:0${at} INFO worker ${at} is done`).join("\n");
const source = `${log}\n2026-01-05 12:01:00 ERROR worker 3 failed \u001b[31mbadly\u001b[0m\n`;
const controlStart = "\u001b";

describe("brevis inspect", () => {
  it("prints segments, units, scores and must-keep words as data that accounts for every character", async () => {
    const { code, stdout } = await runBrevis(["inspect", "--json", "--kind", "log"], { stdin: source });
    expect(code).toBe(0);
    const { segments, mustKeep, tokens } = JSON.parse(stdout);
    expect(tokens).toMatchObject({ tokenizer: "o200k_base", exact: true });
    expect(segments.map(({ kind }: { kind: string }) => kind)).toEqual(["log"]);
    const units = segments[0].units as { start: number; end: number; floor: boolean; salience: number }[];
    expect(units.map(({ start, end }) => source.slice(start, end)).join("")).toBe(source);
    expect(units.some(({ start, end, floor }) => floor && source.slice(start, end).includes("ERROR"))).toBe(true);
    for (const { salience } of units) expect(salience >= 0 && salience <= 1).toBe(true);
    const words = mustKeep.map(({ start, end }: { start: number; end: number }) => source.slice(start, end));
    expect(words).toContain("2026-01-05");
  });

  it("marks the floor and the scores without colours too", async () => {
    const { stdout } = await runBrevis(["inspect", "--kind", "log"], { stdin: source });
    expect(stdout).not.toContain(controlStart);
    expect(stdout).toMatch(/│ +1-10 +│ +log +│/u);
    expect(stdout).toMatch(/^![▁-█] 2026-01-05 12:01:00 ERROR worker 3 failed ␛\[31mbadly␛\[0m$/mu);
    expect(stdout).toMatch(/^.[▁-█] 2026-01-05 12:00:00 INFO worker 0 is done$/mu);
  });

  it("colours must-keep words where colours are wanted, and the text never steers the terminal", async () => {
    const { stdout } = await runBrevis(["inspect", "--kind", "log"], { stdin: source, env: { FORCE_COLOR: "1" } });
    expect(stdout).toContain(`${controlStart}[36m2026-01-05${controlStart}[39m`);
    expect(stdout).toContain("␛[31m");
    const plain = await runBrevis(["inspect"], { stdin: source, env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain(controlStart);
  });

  it("takes any text: nothing, and one without a line break", async () => {
    expect((await runBrevis(["inspect"], { stdin: "" })).code).toBe(0);
    const run = await runBrevis(["inspect", "-"], { stdin: "not \u0000 a line" });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("not ␀ a line\n") });
  });

  it("says what is wrong as the other commands do", async () => {
    const run = await runBrevis(["inspect", "absent"], { cwd: makeFolder() });
    expect(run).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("there is no absent") });
  });
});
