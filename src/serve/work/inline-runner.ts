import type { CompressJob, JobAnswer, WorkerSettings } from "./job.js";
import { openJobCompressor, runJob } from "./run-job.js";

/** What runs jobs: threads, or the thread that serves. */
export interface JobRunner {
  run(job: CompressJob, signal?: AbortSignal): Promise<JobAnswer>;
  /** Jobs that can be taken now. */
  readonly room: number;
  readonly retryAfter: number;
  readonly status: {
    readonly size: number;
    readonly busy: number;
    readonly waiting: number;
    readonly capacity: number;
    readonly workers: readonly { thread: number; ready: boolean; busy: number; done: number }[];
  };
  close(): Promise<void>;
}

/** Runs jobs on this very thread: for machines with room for one, and where a model's engine has its own threads. */
export function createInlineRunner(settings: Omit<WorkerSettings, "cancelled">, capacity: number): JobRunner {
  const compressor = openJobCompressor(settings);
  let busy = 0;
  let done = 0;
  return {
    async run(job, signal = new AbortController().signal) {
      busy++;
      try {
        return await runJob(job, compressor, settings.compress, signal);
      } finally {
        busy--;
        done++;
      }
    },
    get room() {
      return capacity - busy;
    },
    retryAfter: 1,
    get status() {
      return { size: 0, busy, waiting: 0, capacity, workers: [{ thread: 0, ready: true, busy, done }] };
    },
    close: () => compressor.dispose(),
  };
}
