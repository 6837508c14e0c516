import { describe, expect, it } from "vitest";
import { simulateLines } from "../evaluate/ab/simulate-experiment.js";
import { makeFolder, runBrevis } from "./run-brevis.js";

describe("brevis evaluate ab", () => {
  it("prints a table, or JSON", async () => {
    const lines = simulateLines({ control: 0.5, half: 0.8 }, 400, 5);
    const cwd = makeFolder({ "ab.jsonl": lines.map((line) => `${JSON.stringify(line)}\n`).join("") });
    const text = await runBrevis(["evaluate", "ab", "ab.jsonl", "--planned", "400"], { cwd });
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(
      /simulated: 400 units[\s\S]*solved, against control[\s\S]*newcombe[\s\S]*turns, against control[\s\S]*bootstrap/u,
    );
    const json = await runBrevis(["evaluate", "ab", "ab.jsonl", "--json", "--control", "half"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      control: "half",
      units: 400,
      outcomes: [{ outcome: "solved" }, {}],
    });
    const broken = await runBrevis(["evaluate", "ab", "none.jsonl"], { cwd });
    expect(broken.code).toBe(2);
  });
});
