import { keepWindow } from "./keep-window.js";
import { openTaskDesk } from "./open-task-desk.js";
import type { RunTasksOptions } from "./run-tasks.js";
import type { Task, TaskOutcome } from "./task.js";

/** Has tasks done by `brevis worker` processes. See `runTasks`. */
export async function* runInQueue<Setup, Data, Result>(
  tasks: Iterable<Task<Data>> | AsyncIterable<Task<Data>>,
  options: RunTasksOptions<Setup, Data, Result> & { readonly queue: string },
): AsyncGenerator<TaskOutcome<Result>, void, undefined> {
  const { concurrency = 64, kind, ordered = false, queue, setup, warn } = options;
  const signal = options.signal ?? new AbortController().signal;
  const desk = await openTaskDesk<Setup, Data, Result>({ queue, kind: kind.name, setup, warn });
  try {
    yield* keepWindow(tasks, desk.order, { concurrency, ordered, signal });
  } finally {
    await desk.close();
  }
}
