import { describe, expect, it } from "vitest";
import { compareCode } from "../../../src/validate/score/compare-code.js";

const isSame = async (a: string, b: string, language: string) => (await compareCode(a, b, language))!.same;

describe("compareCode", () => {
  it.each([
    ["python", "def f(x):\n    return x + 1", 'def f(value: int) -> int:\n    """Adds."""\n    return value + 1'],
    ["python", "n += 1", "n = n + 1"],
    ["python", "if b > a:\n    go()", "if a < b:\n    go()"],
    ["javascript", "if (a) return 'x';", 'if (a) {\n  // why\n  return "x";\n}'],
    ["typescript", "const f = (a: string) => a.length", "const f = (b: string) => b.length"],
    ["rust", "fn f(a: i32) -> i32 { let sum = a + 1; sum }", "fn f(b: i32) -> i32 { let t = b + 1; t }"],
    ["python", "x = f(1)", "Here it is:\n\n```python\nx = f(1)\n```\nDone."],
  ])("takes two notations of %s for one program", async (language, a, b) => {
    expect(await isSame(a, b, language)).toBe(true);
  });

  it.each([
    ["python", "if a < b:\n    go()", "if a <= b:\n    go()"],
    ["python", "x = len(a)", "x = max(a)"],
    ["python", "def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a"],
    ["javascript", "if (a) f(); g();", "if (a) { f(); g(); }"],
    ["javascript", 'get("a")', 'get("b")'],
    ["go", "func F() error { return err }", "func F() error { return nil }"],
  ])("tells two programs of %s apart", async (language, a, b) => {
    expect(await isSame(a, b, language)).toBe(false);
  });

  it("says nothing of a language without a grammar", async () => {
    expect(await compareCode("a", "a", "cobol")).toBeUndefined();
  });

  it("gives less to a program that does not parse", async () => {
    const whole = "def f(a):\n    return a + 1";
    const { similarity, reasons } = (await compareCode(whole, "def f(a):\n    return a +", "python"))!;
    expect(similarity).toBeLessThan(0.5);
    expect(reasons).toContain("the second is no valid program");
  });
});
