import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { BrevisError } from "../../../src/errors.js";
import type { TaskKind } from "../../../src/queue/task.js";
import type { Outcome } from "../../../src/records/outcome.js";
import type { Cell, PairToValidate } from "../../../src/validate/run/plan-cells.js";
import type { ValidateSetup } from "../../../src/validate/run/validate-kind.js";
import { outcomesPath, validatePairs } from "../../../src/validate/run/validate-pairs.js";
import { loadValidateSettings } from "../../../src/validate/settings.js";

const settings = loadValidateSettings();
const models = ["model-a", "model-b"];

const makePairs = (count: number): PairToValidate[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `pair-${index}`,
    domain: "nl",
    source: "test",
    verbose: `The long text of number ${index}.`,
    compressed: `text ${index}`,
    rate: 0.5,
    tokens: { verbose: 8, compressed: 3 },
  }));

const answer = { text: "t", end: "stop", tokens: { input: 1, output: 1 }, latency: 1, cached: false } as const;

/** Cells done in memory; `act` may throw, or say what a cell comes to. */
function kindOf(act: (cell: Cell) => Partial<Outcome> | undefined = () => undefined) {
  const done: string[] = [];
  const kind: TaskKind<ValidateSetup, Cell, Outcome> = {
    name: "test",
    async open() {
      const run = async (cell: Cell): Promise<Outcome> => {
        const special = act(cell);
        done.push(cell.key);
        const { key, pair, document, domain, model, task, index } = cell;
        const common = { key, pair, document, domain, model, task: task.task, index };
        return {
          ...common,
          verbose: answer,
          compressed: answer,
          scores: {},
          score: 1,
          equivalent: true,
          reasons: [],
          ...special,
        };
      };
      return { run, close: async () => {} };
    },
  };
  return { kind, done };
}

function makeOutput(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-validate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "out.jsonl");
}

const readLines = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("validatePairs", () => {
  it("gives each pair one verdict, in order, with the scores of its models and tasks", async () => {
    const output = makeOutput();
    const { kind, done } = kindOf(({ pair, model, task }) =>
      pair === "pair-1" && model === "model-b" && task.task === "reasoning"
        ? { score: 0.25, equivalent: false, reasons: ["numbers missing: 3"] }
        : undefined,
    );
    const report = await validatePairs(() => makePairs(3), { settings, models, output, kind });
    expect(report).toEqual({ pairs: 3, passed: 2, before: 0, repeated: 0, failed: [] });
    expect(done).toHaveLength(3 * 2 * 2);
    const verdicts = readLines(output);
    expect(verdicts.map(({ id, validation }) => [id, validation.passed, validation.min])).toEqual([
      ["pair-0", true, 1],
      ["pair-1", false, 0.25],
      ["pair-2", true, 1],
    ]);
    expect(verdicts[1]).toMatchObject({
      verbose: "The long text of number 1.",
      scores: { validation: 0.25 },
      validation: {
        tokens: { verbose: 8, compressed: 3 },
        rate: 3 / 8,
        models: { "model-a": { qa: 1, reasoning: 1 }, "model-b": { qa: 1, reasoning: 0.25 } },
        reasons: ["model-b, reasoning: numbers missing: 3"],
        cells: 4,
        measured: 4,
      },
    });
    expect(readLines(outcomesPath(output))).toHaveLength(12);
  });

  it("does not pass a pair with a cell that could not be measured", async () => {
    const output = makeOutput();
    const { kind } = kindOf(({ model }) =>
      model === "model-a"
        ? { score: undefined as never, equivalent: false, reasons: ["not measured: refused"] }
        : undefined,
    );
    const report = await validatePairs(() => makePairs(1), { settings, models, output, kind });
    expect(report.passed).toBe(0);
    expect(readLines(output)[0].validation).toMatchObject({
      passed: false,
      min: 1,
      cells: 4,
      measured: 2,
      models: { "model-a": { qa: null } },
    });
  });

  it("goes on where a run was killed: nothing is done twice, nothing counted twice", async () => {
    const output = makeOutput();
    const pairs = makePairs(40);
    const asked: string[] = [];
    for (let limit = 7; asked.length < 160; limit += 5) {
      let left = limit;
      const { kind, done } = kindOf(() => {
        if (left-- <= 0) throw new BrevisError("aborted", "killed");
        return undefined;
      });
      await validatePairs(() => pairs, { settings, models, output, kind, concurrency: 1 }).catch((error) => {
        expect(error).toMatchObject({ code: "aborted" });
      });
      asked.push(...done);
      // What a kill in the middle of a write leaves behind.
      appendFileSync(output, '{"id": "pair-');
      appendFileSync(outcomesPath(output), '{"key": "');
    }
    expect(asked).toHaveLength(160);
    expect(new Set(asked).size).toBe(160);
    const { kind, done } = kindOf();
    const report = await validatePairs(() => pairs, { settings, models, output, kind });
    expect(report).toEqual({ pairs: 40, passed: 40, before: 40, repeated: 0, failed: [] });
    expect(done).toEqual([]);
    expect(readLines(output).map(({ id }) => id)).toEqual(pairs.map(({ id }) => id));
    expect(new Set(readLines(outcomesPath(output)).map(({ key }) => key)).size).toBe(160);
  });

  it("tries cells that failed again, and leaves their pairs without a verdict when they keep failing", async () => {
    const output = makeOutput();
    let failures = 0;
    const fail = (message: string): never => {
      failures++;
      throw new BrevisError("remote-failed", message);
    };
    const { kind } = kindOf(({ pair }) => {
      if (pair === "pair-0" && failures === 0) fail("once");
      if (pair === "pair-2") fail("always");
      return undefined;
    });
    const report = await validatePairs(() => makePairs(3), { settings, models, output, kind, concurrency: 1 });
    expect(report).toMatchObject({ pairs: 2, passed: 2 });
    expect(report.failed).toHaveLength(4);
    expect(readLines(output).map(({ id }) => id)).toEqual(["pair-1", "pair-0"]);
    const again = kindOf();
    const second = await validatePairs(() => makePairs(3), { settings, models, output, kind: again.kind });
    expect([second.pairs, again.done.length]).toEqual([3, 4]);
  });

  it("goes on without a pair whose tasks cannot be had", async () => {
    const output = makeOutput();
    const { kind } = kindOf();
    const tasksOf = async ({ id }: PairToValidate) => {
      if (id === "pair-1") throw new BrevisError("remote-failed", "no questions");
      return [{ task: "qa" as const, question: "Q?" }];
    };
    const report = await validatePairs(() => makePairs(3), { settings, models, output, kind, tasksOf });
    expect(report).toMatchObject({ pairs: 2, failed: [{ key: "pair-1", error: { message: "no questions" } }] });
    expect(readLines(output).map(({ id }) => id)).toEqual(["pair-0", "pair-2"]);
  });

  it("counts a pair once that stands in the input twice", async () => {
    const output = makeOutput();
    const { kind, done } = kindOf();
    const pairs = [...makePairs(2), ...makePairs(2)];
    const report = await validatePairs(() => pairs, { settings, models, output, kind });
    expect([report.pairs, report.repeated, done.length]).toEqual([2, 2, 8]);
  });

  it("refuses to mix verdicts of other settings into a file", async () => {
    const output = makeOutput();
    await validatePairs(() => makePairs(1), { settings, models, output, kind: kindOf().kind });
    const other = validatePairs(() => makePairs(1), { settings, models: ["model-a"], output, kind: kindOf().kind });
    await expect(other).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("out.jsonl:1"),
    });
  });

  it("refuses a file whose last lines are not of a verdict", async () => {
    const output = makeOutput();
    writeFileSync(output, '{"id": 1}\n');
    const run = validatePairs(() => makePairs(1), { settings, models, output, kind: kindOf().kind });
    await expect(run).rejects.toMatchObject({ code: "invalid-input" });
  });
});
