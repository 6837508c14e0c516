import type { Job, Worker } from "bullmq";
import { loadPackage } from "../load-package.js";
import { connectRedis } from "./connect-redis.js";
import { holdRunners } from "./hold-runners.js";
import { packError, type QueueAnswer, type QueueJob, queueName } from "./queue-job.js";
import type { TaskKind } from "./task.js";

/** Kinds of tasks by name, each loaded when its first task comes. */
// biome-ignore lint/suspicious/noExplicitAny: each kind knows its own setup, data and result; a worker passes them on as JSON.
export type TaskKinds = Readonly<Record<string, () => Promise<TaskKind<any, any, any>>>>;

/** How a worker works. */
export interface QueueWorkerOptions {
  /** `redis://...` */
  readonly queue: string;
  readonly kinds: TaskKinds;
  /** Tasks of each kind at once. Default 8. */
  readonly concurrency?: number;
  /** Milliseconds after which the tasks of a worker that fell silent go to others. Default 30,000. */
  readonly silence?: number;
  /** Hears of every task that ended. */
  readonly onDone?: (kind: string, key: string, error: string | undefined) => void;
}

/** A worker that runs. */
export interface QueueWorker {
  /** Takes no more tasks, and waits for those under way. @param isAtOnce ends those instead: other workers get them */
  close(isAtOnce?: boolean): Promise<void>;
}

/**
 * Takes tasks from a queue until it is closed. A worker that dies loses nothing: its tasks go to others.
 *
 * @throws BrevisError `remote-failed` where there is no Redis server
 */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { concurrency = 8, kinds, silence = 30_000 } = options;
  const { Worker } = await loadPackage("bullmq", () => import("bullmq"));
  const connection = await connectRedis(options.queue);
  const ended = new AbortController();
  const runners = holdRunners(kinds);
  const workers = Object.keys(kinds).map((kind): Worker => {
    const work = async (job: Job<QueueJob<unknown, unknown>>): Promise<QueueAnswer<unknown>> => {
      const answer = await runners.run(kind, job.data, ended.signal).then((result) => ({ result }), packError);
      // A task that was ended here is not done, and has not failed: its lock runs out, and another worker takes it.
      if (ended.signal.aborted) return new Promise(() => {});
      options.onDone?.(kind, job.data.key, "error" in answer ? answer.error.message : undefined);
      return answer;
    };
    const worker = new Worker(queueName(kind), work, {
      connection,
      concurrency,
      lockDuration: silence,
      stalledInterval: Math.ceil(silence / 2),
      // However often workers are killed, the task is done in the end.
      maxStalledCount: 1_000_000,
    });
    // Connections report their own trouble, and mend it.
    worker.on("error", () => {});
    return worker;
  });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return {
    async close(isAtOnce = false) {
      if (isAtOnce) ended.abort();
      await Promise.all(workers.map((worker) => worker.close(isAtOnce)));
      await runners.close();
      connection.disconnect();
    },
  };
}
