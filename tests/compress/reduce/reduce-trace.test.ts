import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reduceTrace } from "../../../src/compress/reduce/reduce-trace.js";
import { codeOfDiagnostic, roleOf } from "../../../src/compress/reduce/trace-lines.js";
import { lawsOfLineReducers, reduceText, writeChoice, writeWhole } from "./line-reducer-laws.js";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/reduce/${name}`, import.meta.url), "utf8");

describe("roleOf", () => {
  it.each([
    ["    at parse (/home/dev/billing/a.js:3:9)", "own-frame"],
    ["    at Module._compile (node:internal/modules/cjs/loader:1554:14)", "foreign-frame"],
    ['  File "/usr/lib/python3/dist-packages/flask/app.py", line 12, in run', "foreign-frame"],
    ['  File "/home/dev/billing/b.py", line 2, in parse', "own-frame"],
    ["\tat java.base/java.util.ArrayList.get(ArrayList.java:427)", "foreign-frame"],
    ["\tat com.example.Billing.main(Billing.java:9)", "own-frame"],
    ["Caused by: java.io.IOException: closed", "cause"],
    ["AttributeError: 'NoneType' object has no attribute 'text'", "message"],
    ["thread 'main' panicked at src/main.rs:2:5:", "message"],
    ["a.c:3:65: warning: unused variable [-Wunused]", "diagnostic"],
    ["src/a.ts(16,13): error TS4114: This member must", "diagnostic"],
    ["warning[E0382]: borrow of moved value", "diagnostic"],
    ["    3 | int credit(struct invoice *i)", "detail"],
    ["      |            ^~~~", "detail"],
    ["✔ adds 0 (2.2ms)", "passing"],
    ["test parse::tests::empty ... ok", "passing"],
    ["   Compiling serde v1.0.1", "progress"],
    ["Ran 12 tests in 0.004s", "summary"],
    ["Tests:       1 failed, 4 passed, 5 total", "summary"],
    ["========= 1 failed, 3 passed in 0.12s =========", "summary"],
    ["make: *** [Makefile:4: all] Error 2", "summary"],
    ["", "blank"],
    ["some words", "other"],
  ])("%s is %s", (line, role) => expect(roleOf(line)).toBe(role));
});

describe("codeOfDiagnostic", () => {
  it.each([
    ["a.c:3:65: warning: unused variable [-Wunused]", "[-Wunused]"],
    ["src/a.ts(16,13): error TS4114: This member must", "TS4114"],
    ["  16:1  warning  Unexpected var  no-var", "no-var"],
  ])("%s has %s", (line, code) => expect(codeOfDiagnostic(line)).toBe(code));
});

describe("reduceTrace", () => {
  lawsOfLineReducers(reduceTrace);

  it("drops what passed first, and keeps what failed and the summary", async () => {
    const text = fixture("node-test.txt");
    const { units } = await reduceText(reduceTrace, text);
    const passed = units.filter(({ start, end }) => /^✔/.test(text.slice(start, end)));
    const others = units.filter(({ start, end }) => !/^✔|^\s*$|node:/.test(text.slice(start, end)));
    const most = Math.max(...passed.map(({ priority }) => priority));
    for (const unit of others) expect(unit.floor || unit.priority > most).toBe(true);
    const { written } = await writeChoice(reduceTrace, text, () => false);
    for (const kept of ["AssertionError", "ENOENT", "ℹ fail 2"]) expect(written).toContain(kept);
  });

  it("keeps the message of a traceback and the user's frames before others", async () => {
    const text = fixture("python-traceback.txt");
    const { units } = await reduceText(reduceTrace, text);
    const of = (pattern: RegExp) => units.find(({ start, end }) => pattern.test(text.slice(start, end)))!;
    expect(of(/^ZeroDivisionError/).floor).toBe(true);
    expect(of(/billing\/b.py/).priority).toBeGreaterThan(of(/lib\/python/).priority);
  });

  it("ranks the user's frame next to the fault highest: the last in Python, the first elsewhere", async () => {
    const python = [
      '  File "/a/main.py", line 9, in <module>',
      "    run()",
      '  File "/a/run.py", line 2, in run',
      "    x",
    ];
    const node = ["    at run (/a/run.js:2:1)", "    at main (/a/main.js:9:1)"];
    const ranksOf = async (lines: string[]) =>
      (await reduceText(reduceTrace, lines.join("\n"))).units.map(({ priority }) => priority);
    const [main, , run] = await ranksOf(python);
    expect(run!).toBeGreaterThan(main!);
    const [first, second] = await ranksOf(node);
    expect(first!).toBeGreaterThan(second!);
  });

  it("ties source lines and carets to their diagnostic, and takes only white space out of their gutter", async () => {
    const text = fixture("gcc.txt");
    const { units } = await reduceText(reduceTrace, text);
    expect(units[2]!.parent).toBe(1);
    expect(units[3]!.parent).toBe(1);
    const written = await writeWhole(reduceTrace, text);
    const restored = written.replace(/^(\d*)( ?\|)/gm, (_, number: string, bar: string) =>
      number === "" ? `      ${bar}` : number.padStart(5) + bar,
    );
    expect(restored).toBe(text);
  });

  it("lets a hundred warnings of one kind fall below the first of another", async () => {
    const many = Array.from({ length: 100 }, (_, at) => `a.c:${at + 1}:1: warning: unused [-Wunused]\n`).join("");
    const { units } = await reduceText(reduceTrace, `${many}a.c:200:1: warning: shadowed [-Wshadow]\n`);
    const last = units.at(-1)!;
    expect(units.filter(({ priority }) => priority >= last.priority)).toHaveLength(2);
  });
});
