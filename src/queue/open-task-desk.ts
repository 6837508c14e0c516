import type { Job, Queue, QueueEvents } from "bullmq";
import { BrevisError } from "../errors.js";
import { loadPackage } from "../load-package.js";
import { asBrevisError } from "./as-brevis-error.js";
import { connectRedis } from "./connect-redis.js";
import { jobIdOf, type QueueAnswer, type QueueJob, queueName, unpackError } from "./queue-job.js";
import type { Task, TaskOutcome } from "./task.js";

/** Seconds that finished tasks stay, so that a run that was killed finds them when it is started again. */
const keptFor = 7 * 24 * 3600;

/** Where tasks are handed in and results are handed out. */
export interface TaskDesk<Data, Result> {
  /** Has one task done. It never rejects. */
  order(task: Task<Data>): Promise<TaskOutcome<Result>>;
  /** Takes back what no worker has begun. */
  close(): Promise<void>;
}

/** Which queue, and what for. */
export interface TaskDeskOptions<Setup> {
  /** `redis://...` */
  readonly queue: string;
  /** The kind's name. */
  readonly kind: string;
  readonly setup: Setup;
  /** Hears that no worker is there. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Milliseconds after which a task that says nothing is looked after. Default 30,000. */
  readonly patience?: number;
}

/**
 * Opens a desk to a queue.
 *
 * @throws BrevisError `remote-failed` where there is no Redis server
 */
export async function openTaskDesk<Setup, Data, Result>({
  kind,
  queue: url,
  setup,
  warn,
  patience = 30_000,
}: TaskDeskOptions<Setup>): Promise<TaskDesk<Data, Result>> {
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
  await warnWithoutWorkers(queue, warn);
  /** Also those that are only on their way into the queue. */
  const waited = new Map<string, Promise<Job>>();
  const closed = new AbortController();
  const order = async (task: Task<Data>): Promise<TaskOutcome<Result>> => {
    const id = jobIdOf(setup, task);
    const { data, key } = task;
    try {
      for (;;) {
        const added = addJob(queue, id, { key, setup, data });
        waited.set(id, added);
        const job = await added;
        const answer = await waitForAnswer<Result>(queue, job, events, { patience, closed: closed.signal });
        // Another run took it back, or the server forgot it: it is handed in again.
        if (!answer) continue;
        if ("result" in answer) return { key, result: answer.result };
        // What failed is done again when it is asked for again.
        await job.remove().catch(() => {});
        return { key, error: unpackError(answer.error) };
      }
    } catch (error) {
      return { key, error: asBrevisError(error) };
    } finally {
      waited.delete(id);
    }
  };
  return {
    order,
    async close() {
      closed.abort();
      // Those that no worker took yet are not done for nobody; one that a worker has cannot be removed.
      await Promise.allSettled([...waited.values()].map(async (added) => (await added).remove()));
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

/** @returns `undefined` for a job that is not there any more */
async function waitForAnswer<Result>(
  queue: Queue,
  job: Job,
  events: QueueEvents,
  { closed, patience }: { patience: number; closed: AbortSignal },
): Promise<QueueAnswer<Result> | undefined> {
  for (;;) {
    try {
      return await job.waitUntilFinished(events, patience);
    } catch (cause) {
      if (closed.aborted) throw new BrevisError("aborted", "The run was left before the task was done.", { cause });
      const state = await queue.getJobState(job.id ?? "");
      if (state === "unknown") return undefined;
      if (state !== "failed") continue;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BrevisError("internal", `Expected a worker to finish the task but it failed: ${reason}`, { cause });
    }
  }
}

async function warnWithoutWorkers(queue: Queue, warn: ((message: string) => void) | undefined): Promise<void> {
  if (!warn || (await queue.getWorkersCount()) > 0) return;
  warn("No worker takes tasks from the queue yet: run `brevis worker --queue URL`, here or elsewhere.");
}
