import { expect, test } from "vitest";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";

const { isEvidence } = createTextRules({ mustKeep: [], query: undefined });

test.each([
  "error: could not compile `brevis`",
  "2026-11-20 10:02:11 ERROR pool exhausted",
  "AssertionError [ERR_ASSERTION]: Expected values to be equal",
  "assertEquals(1, 2) did not hold",
  "ld: undefined reference to `brv_open'",
  "dial tcp 10.0.0.1:443: connection timed out",
  "open /etc/shadow: Permission denied",
  "thread 'main' panicked: Fatal condition",
  "TypeError: x is not a function",
  "Caused by: java.io.IOException: broken pipe",
  "E   ValueError: day is out of range for month",
  "exit code 1",
  "not ok 2 Invoice sums",
  "Process exited with code 137",
  '{"exit_code": 2}',
  "Process finished with exit code 0",
  "Tests: 3 failed, 9 passed, 12 total",
  "  12 passing (40ms)",
  "Found 3 errors in 2 files.",
  "✖ 100 problems (50 errors, 50 warnings)",
  "FAILED (failures=2)",
  "test result: ok. 14 passed; 0 failed",
  "npm ERR! code ELIFECYCLE",
  "make: *** [Makefile:3: all] Error 2",
  "BUILD SUCCESSFUL in 3s",
  "Ran 7 tests in 0.004s",
  "# pass 9",
  "3 warnings generated.",
  "+++ exited with 0 +++",
  "[…12 lines]",
  "[…3 items #482915337120]",
])("%j is evidence", (line) => {
  expect(isEvidence(line)).toBe(true);
});

test.each([
  "",
  "    resetOnError: true,",
  "        except (OSError, ValueError):",
  "export class ParseFailures extends Base {}",
  "const required_error = ctx.data;",
  "lapi.c:12:5: warning: unused variable ‘top’ [-Wunused-variable]",
  "-rw-r--r--  1 root root  3070 Nov 20 21:11 errors.ts",
  "Compiling serde v1.0.219",
  "the failsafe and the terror of the unassertive",
  "[12 lines]",
])("%j is not evidence", (line) => {
  expect(isEvidence(line)).toBe(false);
});

test("one line of a unit makes the unit evidence", () => {
  expect(isEvidence("at a (x.js:1)\nat b (y.js:2)\n")).toBe(false);
  expect(isEvidence("at a (x.js:1)\nRangeError: too deep\nat b (y.js:2)\n")).toBe(true);
});

test("a unit answers the query with all of its content words, or a phrase or a name of it as written", () => {
  const { isEvidence: answers } = createTextRules({ mustKeep: [], query: "Which users are retrying uploads?" });
  expect(answers("user 17 retried the upload twice")).toBe(true);
  expect(answers("user 17 gave up")).toBe(false);
  const named = createTextRules({ mustKeep: [], query: 'Where is "slow path" set in load_config?' });
  expect(named.isEvidence("takes the slow path")).toBe(true);
  expect(named.isEvidence("x = load_config(path)")).toBe(true);
  expect(named.isEvidence("the path is slow")).toBe(false);
});

test("a query without content words matches nothing, and neither does none", () => {
  expect(createTextRules({ mustKeep: [], query: "of the" }).isEvidence("of the people")).toBe(false);
  expect(createTextRules({ mustKeep: [], query: "" }).isEvidence("anything")).toBe(false);
});

test("a query in a script without spaces matches by pairs of characters", () => {
  const { isEvidence: answers } = createTextRules({ mustKeep: [], query: "数据库" });
  expect(answers("连接数据库超时")).toBe(true);
  expect(answers("连接超时")).toBe(false);
});

test("relevance is the share of the query's content words", () => {
  const { queryRelevance } = createTextRules({ mustKeep: [], query: "retry upload" });
  expect(queryRelevance("uploads were slow")).toBe(0.5);
  expect(queryRelevance("the upload and its retry")).toBe(1);
  expect(queryRelevance("nothing")).toBe(0);
  expect(createTextRules({ mustKeep: [], query: undefined }).queryRelevance("upload")).toBe(0);
});

test("a legend is evidence, and its aliases are read as what they mean", () => {
  const legend = { "§1": "connection timed out", "§2": "all quiet" };
  const { isEvidence: known, findMustKeep } = createTextRules({ mustKeep: [], query: undefined }, legend);
  expect(known("Legend: §1=connection timed out §2=all quiet\n")).toBe(true);
  expect(known("10:02 worker §1")).toBe(true);
  expect(known("10:02 worker §2")).toBe(false);
  expect(isEvidence("10:02 worker §1")).toBe(false);
  expect(findMustKeep("Legend: §1=all is quiet\nall is §1")).toEqual([
    { start: 0, end: 23 },
    { start: 31, end: 33 },
  ]);
});
