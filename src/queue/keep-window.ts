import { BrevisError } from "../errors.js";
import type { Task, TaskOutcome } from "./task.js";

/** How many outcomes may wait for one that comes before them, for each task at once. */
const lookAhead = 8;

/** How a window of tasks is kept full. */
export interface WindowOptions {
  /** Tasks at once. */
  readonly concurrency: number;
  readonly ordered: boolean;
  readonly signal: AbortSignal;
}

/**
 * Keeps `concurrency` tasks going and gives their outcomes, as they finish or in the order of the tasks. No more is taken than
 * is under way or waits for its turn.
 *
 * @param start does one task; it never rejects
 * @throws BrevisError `aborted`, and what the tasks' own iterator throws
 */
export async function* keepWindow<Data, Result>(
  tasks: Iterable<Task<Data>> | AsyncIterable<Task<Data>>,
  start: (task: Task<Data>) => Promise<TaskOutcome<Result>>,
  { concurrency, ordered, signal }: WindowOptions,
): AsyncGenerator<TaskOutcome<Result>, void, undefined> {
  const bell = createBell(signal);
  const source = pullFrom(tasks, bell.ring);
  const finished: TaskOutcome<Result>[] = [];
  /** By place in the order of the tasks. */
  const early = new Map<number, TaskOutcome<Result>>();
  let underWay = 0;
  let taken = 0;
  let given = 0;
  const begin = (task: Task<Data>) => {
    const place = taken++;
    underWay++;
    void start(task).then((outcome) => {
      underWay--;
      if (ordered) early.set(place, outcome);
      else finished.push(outcome);
      bell.ring();
    });
  };
  try {
    for (;;) {
      if (signal.aborted) throw new BrevisError("aborted", "The run was aborted.", { cause: signal.reason });
      for (let next = early.get(given); next; next = early.get(++given)) {
        early.delete(given);
        finished.push(next);
      }
      const outcome = finished.shift();
      if (outcome) {
        yield outcome;
        continue;
      }
      const hasRoom = underWay < concurrency && early.size < concurrency * lookAhead;
      const task = hasRoom ? source.take() : undefined;
      if (task) begin(task);
      else if (underWay === 0 && source.isDone()) return;
      else await bell.rung();
    }
  } finally {
    bell.remove();
    await source.close();
  }
}

/** Something to wait for that remembers a ring before the wait. An abort rings too. */
function createBell(signal: AbortSignal): { ring(): void; rung(): Promise<void>; remove(): void } {
  let hasRung = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    hasRung = true;
    wake?.();
  };
  signal.addEventListener("abort", ring);
  return {
    ring,
    rung: async () => {
      if (!hasRung) await new Promise<void>((resolve) => (wake = resolve));
      hasRung = false;
      wake = undefined;
    },
    remove: () => signal.removeEventListener("abort", ring),
  };
}

/** Takes from any iterable without waiting: an item is there, or the bell rings when one is. */
function pullFrom<Item>(items: Iterable<Item> | AsyncIterable<Item>, ring: () => void) {
  const isAsync = Symbol.asyncIterator in items;
  const iterator = isAsync ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let isPulling = false;
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let arrived: Item | undefined;
  const settle = (result: IteratorResult<Item>) => {
    isPulling = false;
    if (result.done) isOver = true;
    else arrived = result.value;
  };
  const pull = () => {
    const next = iterator.next();
    if (!(next instanceof Promise)) return settle(next);
    isPulling = true;
    next
      .then(settle, (error: unknown) => {
        isPulling = false;
        isOver = true;
        failure = { error };
      })
      .finally(ring);
  };
  return {
    take(): Item | undefined {
      if (failure) throw failure.error;
      if (arrived === undefined && !isPulling && !isOver) pull();
      const item = arrived;
      arrived = undefined;
      return item;
    },
    isDone: () => isOver && arrived === undefined && failure === undefined,
    close: async () => {
      // A generator that is waiting for its next item cannot be left before that has come.
      if (!isOver && !isPulling) await iterator.return?.();
    },
  };
}
