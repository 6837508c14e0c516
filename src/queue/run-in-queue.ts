import type { Job, Queue, QueueEvents } from "bullmq";
import { BrevisError } from "../errors.js";
import { loadPackage } from "../load-package.js";
import { asBrevisError } from "./as-brevis-error.js";
import { connectRedis } from "./connect-redis.js";
import { keepWindow } from "./keep-window.js";
import { jobIdOf, type QueueAnswer, type QueueJob, queueName, unpackError } from "./queue-job.js";
import type { RunTasksOptions } from "./run-tasks.js";
import type { Task, TaskOutcome } from "./task.js";

/** Seconds that finished tasks stay, so that a run that was killed finds them when it is started again. */
const keptFor = 7 * 24 * 3600;

/** Has tasks done by `brevis worker` processes. See `runTasks`. */
export async function* runInQueue<Setup, Data, Result>(
  tasks: Iterable<Task<Data>> | AsyncIterable<Task<Data>>,
  options: RunTasksOptions<Setup, Data, Result> & { readonly queue: string },
): AsyncGenerator<TaskOutcome<Result>, void, undefined> {
  const { concurrency = 64, kind, ordered = false, setup, signal = new AbortController().signal } = options;
  const desk = await openDesk<Setup, Data, Result>(options.queue, kind.name, setup);
  try {
    await warnWithoutWorkers(desk.queue, options.warn);
    yield* keepWindow(tasks, desk.order, { concurrency, ordered, signal });
  } finally {
    await desk.close();
  }
}

/** Where tasks are handed in and results are handed out. */
interface Desk<Data, Result> {
  readonly queue: Queue;
  order(task: Task<Data>): Promise<TaskOutcome<Result>>;
  close(): Promise<void>;
}

async function openDesk<Setup, Data, Result>(url: string, kind: string, setup: Setup): Promise<Desk<Data, Result>> {
  const { Queue, QueueEvents } = await loadPackage("bullmq", () => import("bullmq"));
  const connections = [await connectRedis(url), await connectRedis(url)] as const;
  const queue: Queue = new Queue(queueName(kind), { connection: connections[0] });
  const events = new QueueEvents(queueName(kind), { connection: connections[1] });
  // Connections report their own trouble, and mend it.
  queue.on("error", () => {});
  events.on("error", () => {});
  // Each task that is waited for listens to both.
  queue.setMaxListeners(0);
  events.setMaxListeners(0);
  await events.waitUntilReady();
  const waited = new Map<string, Job>();
  const order = async (task: Task<Data>): Promise<TaskOutcome<Result>> => {
    const id = jobIdOf(setup, task);
    const { data, key } = task;
    try {
      const job = await addJob(queue, id, { key, setup, data });
      waited.set(id, job);
      const answer = await waitForAnswer<Result>(job, events);
      waited.delete(id);
      if ("result" in answer) return { key, result: answer.result };
      // What failed is done again when it is asked for again.
      await job.remove().catch(() => {});
      return { key, error: unpackError(answer.error) };
    } catch (error) {
      waited.delete(id);
      return { key, error: asBrevisError(error) };
    }
  };
  return {
    queue,
    order,
    async close() {
      // Those that no worker took yet are not done for nobody; one that a worker has cannot be removed.
      await Promise.all([...waited.values()].map((job) => job.remove().catch(() => {})));
      await Promise.all([queue.close(), events.close()]);
      for (const connection of connections) connection.disconnect();
    },
  };
}

async function addJob<Setup, Data>(queue: Queue, jobId: string, job: QueueJob<Setup, Data>): Promise<Job> {
  const known = await queue.getJob(jobId);
  // A job that failed, because its workers died too often, would stand in the way of the same one.
  if (known && (await known.isFailed())) await known.remove().catch(() => {});
  return queue.add("task", job, { jobId, removeOnComplete: { age: keptFor }, removeOnFail: { age: keptFor } });
}

async function waitForAnswer<Result>(job: Job, events: QueueEvents): Promise<QueueAnswer<Result>> {
  try {
    return await job.waitUntilFinished(events);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BrevisError("internal", `Expected a worker to finish the task but it failed: ${reason}`, { cause });
  }
}

async function warnWithoutWorkers(queue: Queue, warn: ((message: string) => void) | undefined): Promise<void> {
  if (!warn || (await queue.getWorkersCount()) > 0) return;
  warn("No worker takes tasks from the queue yet: run `brevis worker --queue URL`, here or elsewhere.");
}
