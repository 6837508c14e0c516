import type { BrevisError } from "../errors.js";

/** One piece of work of a run. `data` is JSON: it may travel to another process. */
export interface Task<Data> {
  /** Says which piece this is: the same key is the same work, done once, and its result is the same wherever it was done. */
  readonly key: string;
  readonly data: Data;
}

/** What became of a task. */
export type TaskOutcome<Result> =
  | { readonly key: string; readonly result: Result }
  | { readonly key: string; readonly error: BrevisError };

/** What a handler is told beside its task. */
export interface TaskContext {
  /** Fires when the run ends early. */
  readonly signal: AbortSignal;
}

/** What does the tasks of one run, once it is set up. */
export interface TaskRunner<Data, Result> {
  /** Does one task. `Result` is JSON. Calls may be concurrent. What it throws becomes the task's outcome. */
  run(data: Data, context: TaskContext): Promise<Result>;
  close(): Promise<void>;
}

/**
 * A kind of task, known by name so that a worker can find it (src/cli/commands/worker). The setup, JSON as well, is what all tasks
 * of a run share: names of models, thresholds, prompts; never a key.
 */
export interface TaskKind<Setup, Data, Result> {
  readonly name: string;
  open(setup: Setup): Promise<TaskRunner<Data, Result>>;
}
