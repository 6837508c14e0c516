import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Reduction } from "../../../src/compress/draft.js";
import { reduceCode } from "../../../src/compress/reduce/reduce-code.js";
import { hostileTexts } from "./hostile-texts.js";
import { expectAccounted, expectLaws, expectStable, reduceText, writeAll, writeSome } from "./reducer-laws.js";

// A shared machine may be slow: only a stall is a failure.
vi.setConfig({ testTimeout: 60_000 });

const readFixture = (file: string) => readFileSync(new URL(`../../fixtures/code/${file}`, import.meta.url), "utf8");

/** For each language: lines that outlive bodies, and lines that a body holds. */
const languages = [
  {
    language: "python",
    file: "inventory.py",
    outlive: ["import json", "class Item:", "def reserved(name: str) -> int:", "    amount: int,", "LIMIT = 500"],
    bodies: ["    text = path.read_text()", "        item.count += amount", '        print("done")'],
  },
  {
    language: "typescript",
    file: "inventory.ts",
    outlive: [
      'import type { Ware } from "./ware.js";',
      "export interface Item {",
      "  countOf(name: string): number {",
      "export const restock = (items: Item[], amount: number): void => {",
      "export type Shelf = Map<string, Ware>;",
    ],
    bodies: ["      known.count += item.count;", '  console.log("restocked", items.length);'],
  },
  {
    language: "tsx",
    file: "shelf.tsx",
    outlive: ["interface ShelfProps {", "export function Shelf({ name, count }: ShelfProps) {"],
    bodies: ["    setHeld(next);", "      <h2>{name}</h2>"],
  },
  {
    language: "javascript",
    file: "inventory.js",
    outlive: ["class Inventory {", "  add(name, count) {", "function reserved(name, callback) {"],
    bodies: ["    const sum = held + count;", '  figs: "Figs, by the piece",'],
  },
  {
    language: "rust",
    file: "inventory.rs",
    outlive: ["use std::fmt;", "pub struct Item {", "    pub fn apply(&mut self, name: &str, change: Change) -> u32 {"],
    bodies: ["                item.count -= count;", "        let label = self.name.to_uppercase();"],
  },
  {
    language: "go",
    file: "inventory.go",
    outlive: ["package inventory", "type Item struct {", "func (m *memory) Add(item Item) int {"],
    bodies: ["\tm.items[item.Name] = sum", "\t\t\tfound = append(found, name)"],
  },
  {
    language: "java",
    file: "Inventory.java",
    outlive: ["import java.util.Map;", "public class Inventory {", "    public int add(String name, int count) {"],
    bodies: ["        items.put(name, sum);", "            System.out.println(key);"],
  },
  {
    language: "c",
    file: "inventory.c",
    outlive: ["#include <stdio.h>", "struct item {", "int add_item(struct item *item, const char *name, int count)"],
    bodies: ["    sum = item->count + count;", '        printf("more\\n");'],
  },
  {
    language: "cpp",
    file: "inventory.cpp",
    outlive: ["#include <map>", "class Inventory {", "T largest(const std::map<std::string, T> &table) {"],
    bodies: ["    int sum = held + count;", "      best = value;"],
  },
];

function unitWith(source: string, { units }: Reduction, line: string): number {
  const at = source.indexOf(`${line}\n`);
  expect(at, line).not.toBe(-1);
  return units.findIndex(({ start, end }) => start <= at && at < end);
}

describe.each(languages)("reduceCode on $language", ({ language, file, outlive, bodies }) => {
  const source = readFixture(file);
  const reduce = (text = source) => reduceText(reduceCode, text, { kind: "code", language });

  it("covers the code, and writes it back byte for byte", async () => {
    const reduction = await reduce();
    expectLaws(source, { start: 0, end: source.length }, reduction);
    expect(reduction.loss).toBe("none");
  });

  it("ranks imports, types and signatures above bodies", async () => {
    const reduction = await reduce();
    const priority = (line: string) => reduction.units[unitWith(source, reduction, line)]!.priority;
    expect(Math.min(...outlive.map(priority))).toBeGreaterThan(Math.max(...bodies.map(priority)));
  });

  it("hangs every statement of a body on its signature", async () => {
    const reduction = await reduce();
    for (const line of bodies) {
      let at = unitWith(source, reduction, line);
      expect(reduction.units[at]!.parent, line).not.toBe(-1);
      while (reduction.units[at]!.parent !== -1) at = reduction.units[at]!.parent;
      expect(reduction.units[at]!.priority, line).toBeGreaterThanOrEqual(3.9);
    }
  });

  it("keeps whole lines in order, and marks the others at their indentation", async () => {
    const reduction = await reduce();
    const { text, kept, omitted } = writeSome(reduction, (index) => reduction.units[index]!.priority > 3);
    expectAccounted(reduction, kept, omitted);
    const given = source.split("\n");
    let at = 0;
    for (const line of text.split("\n")) {
      if (/^[ \t]*\[…\d+ lines?\]$/u.test(line)) continue;
      at = given.indexOf(line, at) + 1;
      expect(at, line).toBeGreaterThan(0);
    }
    const dropped = omitted.reduce((sum, { count }) => sum + count, 0);
    expect(text.split("\n").length - omitted.length + dropped).toBe(given.length);
  });

  it("reads through line numbers, and takes only their padding away", async () => {
    const numbered = source
      .replace(/^/gmu, () => "")
      .split("\n")
      .slice(0, -1);
    const text = `${numbered.map((line, index) => `${String(index + 41).padStart(6)}\t${line}`).join("\n")}\n`;
    const reduction = await reduce(text);
    expect(reduction.loss).toBe("format");
    const written = writeAll(reduction);
    expect(written.replace(/^\d+/gmu, (number) => number.padStart(6))).toBe(text);
    const plain = await reduce();
    expect(reduction.units.map(({ parent, priority }) => ({ parent, priority }))).toEqual(
      plain.units.map(({ parent, priority }) => ({ parent, priority })),
    );
    await expectStable(reduceCode, written, { kind: "code", language });
  });

  it("outlines a stretch from the middle of a file", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(source.length), fc.nat(source.length), async (one, other) => {
        const part = source.slice(Math.min(one, other), Math.max(one, other));
        expectLaws(part, { start: 0, end: part.length }, await reduce(part));
      }),
      { numRuns: 25 },
    );
  });
});

describe("reduceCode", () => {
  const source = readFixture("inventory.py");

  it("throws on no hostile text, with a grammar or without", async () => {
    for (const text of hostileTexts) {
      for (const language of ["python", "cpp", "tsx", undefined]) {
        const segment = { kind: "code" as const, ...(language === undefined ? {} : { language }) };
        const reduction = await reduceText(reduceCode, text, segment);
        expectLaws(text, { start: 0, end: text.length }, reduction);
        const { kept, omitted } = writeSome(reduction, (index) => index % 3 === 0);
        expectAccounted(reduction, kept, omitted);
      }
    }
  });

  it("goes by indentation where it has no grammar", async () => {
    const ruby = "require 'set'\n\nclass Shelf\n  def add(name)\n    names << name\n    count += 1\n  end\nend\n";
    const reduction = await reduceText(reduceCode, ruby, { kind: "code" });
    expectLaws(ruby, { start: 0, end: ruby.length }, reduction);
    const body = reduction.units[unitWith(ruby, reduction, "    count += 1")]!;
    expect(reduction.units[body.parent]!.start).toBe(ruby.indexOf("  def add"));
    expect(reduction.units[body.parent]!.priority).toBeGreaterThan(body.priority);
  });

  it("keeps evidence with the signatures around it", async () => {
    const code = source.replace('print("done")', 'print("denied")');
    const reduction = await reduceText(reduceCode, code, { kind: "code", language: "python" });
    const { text } = writeSome(reduction, () => false);
    expect(text).toContain('print("denied")');
    expect(text).toContain("def reserved(name: str) -> int:");
    expect(text).not.toContain("def restock");
  });

  it("ranks the body that answers the query above the others", async () => {
    const reduction = await reduceText(reduceCode, source, { kind: "code", language: "python" }, { query: "amount" });
    const priority = (line: string) => reduction.units[unitWith(source, reduction, line)]!.priority;
    expect(priority("        item.count += amount")).toBeGreaterThan(priority("    text = path.read_text()"));
    expect(priority("        item.count += amount")).toBeGreaterThan(priority("class Item:") - 3);
  });

  it("takes a long string apart into its rows, so that one row of evidence does not hold all", async () => {
    const script = Array.from({ length: 20 }, (_, row) => `step ${row}${row === 9 ? " failed" : ""}`).join("\n");
    const code = `package main\n\nfunc main() {\n\tput(out, fmt.Sprintf(\`\n${script}\n\`, name))\n}\n`;
    const reduction = await reduceText(reduceCode, code, { kind: "code", language: "go" });
    expectLaws(code, { start: 0, end: code.length }, reduction);
    const { text } = writeSome(reduction, () => false);
    expect(text).toContain("put(out, fmt.Sprintf(`\n[…9 lines]\nstep 9 failed\n[…12 lines]");
  });

  it("leaves licences and rules of dashes to go first", async () => {
    const code = `# Copyright 2020 Somebody\n# Licensed under terms.\n# -----\n\n${source}`;
    const { units } = await reduceText(reduceCode, code, { kind: "code", language: "python" });
    expect(units.slice(0, 3).map(({ priority }) => priority)).toEqual([0, 0, 0]);
  });

  it("keeps the marker of an earlier omission", async () => {
    const code = "def one():\n    […3 lines]\n\ndef two():\n    return 2\n";
    const reduction = await reduceText(reduceCode, code, { kind: "code", language: "python" });
    expect(writeSome(reduction, () => false).text).toContain("def one():\n    […3 lines]");
  });

  it("says at least what the code is of, whatever the budget", async () => {
    const code = "import re\n\n\ndef clean(text):\n    return re.sub('x', '', text)\n";
    const reduction = await reduceText(reduceCode, code, { kind: "code", language: "python" });
    expect(writeSome(reduction, () => false).text).toBe("[…3 lines]\ndef clean(text):\n    […1 line]\n");
  });

  it("ranks documentation below the statements that it describes", async () => {
    const code = 'def two():\n    """Gives two."""\n    count = 2\n    return count\n';
    const { units } = await reduceText(reduceCode, code, { kind: "code", language: "python" });
    const [signature, docstring, statement, outcome] = units.map(({ priority }) => priority);
    expect(signature).toBeGreaterThan(outcome!);
    expect(outcome).toBeGreaterThan(statement!);
    expect(statement).toBeGreaterThan(docstring!);
  });
});
