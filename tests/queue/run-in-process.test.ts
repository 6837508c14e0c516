import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrevisError } from "../../src/errors.js";
import { runTasks } from "../../src/queue/run-tasks.js";
import type { Task, TaskContext, TaskKind, TaskOutcome } from "../../src/queue/task.js";

type Work = (data: number, context: TaskContext) => Promise<number>;

/** A kind that counts what is open and under way. */
function kindOf(work: Work) {
  const seen = { open: 0, underWay: 0, most: 0, started: 0 };
  const kind: TaskKind<null, number, number> = {
    name: "test",
    open: async () => {
      seen.open++;
      return {
        run: async (data, context) => {
          seen.started++;
          seen.most = Math.max(seen.most, ++seen.underWay);
          return work(data, context).finally(() => seen.underWay--);
        },
        close: async () => {
          expect(seen.underWay).toBe(0);
          seen.open--;
        },
      };
    },
  };
  return { kind, seen };
}

function* countTo(count: number): Generator<Task<number>> {
  for (let number = 0; number < count; number++) yield { key: String(number), data: number };
}

async function collect(outcomes: AsyncIterable<TaskOutcome<number>>): Promise<TaskOutcome<number>[]> {
  const all: TaskOutcome<number>[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

describe("runTasks in one process", () => {
  it("gives each task's outcome once, never more at a time than asked, in order where that is asked", async () => {
    const setting = fc.record({
      delays: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }),
      concurrency: fc.integer({ min: 1, max: 6 }),
      ordered: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(setting, async ({ concurrency, delays, ordered }) => {
        const { kind, seen } = kindOf(async (number) => {
          for (let turn = 0; turn < (delays[number] ?? 0); turn++) await new Promise(setImmediate);
          return number * 2;
        });
        const tasks = countTo(delays.length);
        const outcomes = await collect(runTasks(tasks, { kind, setup: null, concurrency, ordered }));
        const expected = delays.map((_, number) => ({ key: String(number), result: number * 2 }));
        if (!ordered) outcomes.sort((a, b) => Number(a.key) - Number(b.key));
        expect(outcomes).toEqual(expected);
        expect(seen.most).toBeLessThanOrEqual(concurrency);
        expect(seen.open).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("goes on after a task that fails", async () => {
    const { kind } = kindOf(async (number) => {
      if (number === 1) throw new BrevisError("over-budget", "too much");
      if (number === 2) throw new Error("a slip");
      return number;
    });
    const outcomes = await collect(runTasks(countTo(4), { kind, setup: null, ordered: true }));
    expect(outcomes.map((outcome) => ("error" in outcome ? outcome.error.code : outcome.result))).toEqual([
      0,
      "over-budget",
      "internal",
      3,
    ]);
  });

  it("takes no more tasks than it does, and ends those under way when the loop is left", async () => {
    let taken = 0;
    const { kind, seen } = kindOf(async (number, { signal }) => {
      if (number > 0) await sleep(1e6, undefined, { signal });
      return number;
    });
    function* endless() {
      for (const task of countTo(1e6)) {
        taken++;
        yield task;
      }
    }
    for await (const outcome of runTasks(endless(), { kind, setup: null, concurrency: 3 })) {
      expect(outcome).toEqual({ key: "0", result: 0 });
      break;
    }
    expect(taken).toBeLessThanOrEqual(4);
    expect(seen).toMatchObject({ open: 0, underWay: 0 });
  });

  it("an abort ends the run", async () => {
    const controller = new AbortController();
    const { kind, seen } = kindOf(async (_, { signal }) => {
      controller.abort();
      await sleep(1e6, undefined, { signal });
      return 0;
    });
    const run = collect(runTasks(countTo(9), { kind, setup: null, signal: controller.signal }));
    await expect(run).rejects.toMatchObject({ code: "aborted" });
    expect(seen).toMatchObject({ open: 0, underWay: 0 });
  });
});
