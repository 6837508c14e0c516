import { asBrevisError } from "./as-brevis-error.js";
import { keepWindow } from "./keep-window.js";
import type { RunTasksOptions } from "./run-tasks.js";
import type { Task, TaskOutcome } from "./task.js";

/** Runs tasks in this process. See `runTasks`. */
export async function* runInProcess<Setup, Data, Result>(
  tasks: Iterable<Task<Data>> | AsyncIterable<Task<Data>>,
  { concurrency = 8, kind, ordered = false, setup, signal }: RunTasksOptions<Setup, Data, Result>,
): AsyncGenerator<TaskOutcome<Result>, void, undefined> {
  const ended = new AbortController();
  const stop = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const runner = await kind.open(setup);
  const underWay = new Set<Promise<unknown>>();
  const start = (task: Task<Data>): Promise<TaskOutcome<Result>> => {
    const done = runner.run(task.data, { signal: stop }).then(
      (result) => ({ key: task.key, result }),
      (error: unknown) => ({ key: task.key, error: asBrevisError(error) }),
    );
    underWay.add(done);
    return done.finally(() => underWay.delete(done));
  };
  try {
    yield* keepWindow(tasks, start, { concurrency, ordered, signal: stop });
  } finally {
    // Those under way hear of it and end before what they use is closed.
    ended.abort();
    await Promise.allSettled(underWay);
    await runner.close();
  }
}
