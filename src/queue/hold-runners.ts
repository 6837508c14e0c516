import { createHash } from "node:crypto";
import type { QueueJob } from "./queue-job.js";
import type { TaskKinds } from "./start-queue-worker.js";
import type { TaskRunner } from "./task.js";

/** Milliseconds that a runner stays open after its last task. */
const idleFor = 60_000;

interface HeldRunner {
  readonly opened: Promise<TaskRunner<unknown, unknown>>;
  underWay: number;
  timer: NodeJS.Timeout | undefined;
}

/** Runners of a worker: one for each run's kind and setup, opened with its first task and closed when no more come. */
export interface HeldRunners {
  run(kind: string, job: QueueJob<unknown, unknown>, signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

/** Holds runners for a worker. */
export function holdRunners(kinds: TaskKinds): HeldRunners {
  const held = new Map<string, HeldRunner>();
  const hold = (kind: string, setup: unknown): [string, HeldRunner] => {
    const name = `${kind} ${createHash("sha256").update(JSON.stringify(setup)).digest("hex")}`;
    const known = held.get(name);
    if (known) return [name, known];
    const runner = { opened: open(kinds, kind, setup), underWay: 0, timer: undefined };
    // What could not be opened is tried again with the next task.
    runner.opened.catch(() => held.delete(name));
    held.set(name, runner);
    return [name, runner];
  };
  const closeWhenIdle = (name: string, runner: HeldRunner) => {
    runner.timer = setTimeout(() => {
      held.delete(name);
      void runner.opened.then((opened) => opened.close());
    }, idleFor).unref();
  };
  return {
    async run(kind, { data, setup }, signal) {
      const [name, runner] = hold(kind, setup);
      clearTimeout(runner.timer);
      runner.underWay++;
      try {
        return await (await runner.opened).run(data, { signal });
      } finally {
        if (--runner.underWay === 0) closeWhenIdle(name, runner);
      }
    },
    async close() {
      const all = [...held.values()];
      held.clear();
      for (const { timer } of all) clearTimeout(timer);
      await Promise.allSettled(all.map(async ({ opened }) => (await opened).close()));
    },
  };
}

async function open(kinds: TaskKinds, kind: string, setup: unknown): Promise<TaskRunner<unknown, unknown>> {
  const load = kinds[kind];
  if (!load) throw new Error(`no kind of task is called ${kind}`);
  return (await load()).open(setup);
}
