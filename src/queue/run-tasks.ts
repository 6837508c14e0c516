import { runInProcess } from "./run-in-process.js";
import { runInQueue } from "./run-in-queue.js";
import type { Task, TaskKind, TaskOutcome } from "./task.js";

/** How tasks are run. */
export interface RunTasksOptions<Setup, Data, Result> {
  readonly kind: TaskKind<Setup, Data, Result>;
  readonly setup: Setup;
  /** Tasks at once. Default 8 in this process, 64 in a queue, whose workers have a limit of their own. */
  readonly concurrency?: number;
  /** Whether outcomes come in the order of the tasks, rather than as they finish. Default false. */
  readonly ordered?: boolean;
  /** `redis://...`: the tasks are done by `brevis worker` processes. Default: by this process. */
  readonly queue?: string;
  readonly signal?: AbortSignal;
  /** Hears, for a queue, that no worker is there. */
  readonly warn?: (message: string) => void;
}

/**
 * Runs tasks and gives their outcomes as they finish. Takes tasks only as fast as they are done, so that any number fits into
 * memory. A task that fails has its error as its outcome and the others go on; leaving the loop, or an abort, ends those under way.
 *
 *     for await (const outcome of runTasks(tasks, { kind, setup })) if ("result" in outcome) write(outcome.result);
 *
 * @throws BrevisError `aborted` when the signal fires; whatever `kind.open` throws
 */
export function runTasks<Setup, Data, Result>(
  tasks: Iterable<Task<Data>> | AsyncIterable<Task<Data>>,
  options: RunTasksOptions<Setup, Data, Result>,
): AsyncGenerator<TaskOutcome<Result>, void, undefined> {
  return options.queue === undefined
    ? runInProcess(tasks, options)
    : runInQueue(tasks, { ...options, queue: options.queue });
}
