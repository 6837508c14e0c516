import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BrevisError, errorOutcomes } from "../src/errors.js";

const root = join(import.meta.dirname, "..");
const documentation = readFileSync(join(root, "docs", "errors.md"), "utf8");

/** The rows of the tables under a heading: cells without their marks. */
function readRows(heading: string): string[][] {
  const section = documentation.split(/^#+ /mu).find((text) => text.startsWith(heading))!;
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("docs/errors.md", () => {
  it("has every code with its HTTP status and exit code, and no other", () => {
    const documented = readRows("Errors").map(([code, , httpStatus, exitCode]) => [
      code,
      { httpStatus: Number(httpStatus), exitCode: Number(exitCode) },
    ]);
    expect(Object.fromEntries(documented)).toEqual(errorOutcomes);
    expect(documented).toHaveLength(Object.keys(errorOutcomes).length);
  });

  it("says of every code what it means and what to do", () => {
    for (const row of readRows("Errors")) expect(row.every((cell) => cell !== "")).toBe(true);
  });

  it("has every warning, and no other", () => {
    const types = readFileSync(join(root, "src", "compress", "types.ts"), "utf8");
    const declared = /export type WarningCode =([^;]+);/u.exec(types)![1]!;
    const codes = Array.from(declared.matchAll(/"([a-z-]+)"/gu), ([, code]) => code);
    expect(readRows("Warnings").map(([code]) => code)).toEqual(codes);
  });
});

describe("BrevisError", () => {
  it("carries its outcome, its hint and its cause", () => {
    const cause = new Error("beneath");
    const error = new BrevisError("overloaded", "message", { hint: "later", cause });
    expect(error).toMatchObject({
      name: "BrevisError",
      code: "overloaded",
      httpStatus: 429,
      exitCode: 5,
      hint: "later",
      cause,
    });
    expect("cause" in new BrevisError("internal", "message")).toBe(false);
  });
});
