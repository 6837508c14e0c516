import { BrevisError } from "../../errors.js";
import { OverloadError } from "../http/request-error.js";
import type { CompressJob, JobAnswer, WorkerSettings } from "./job.js";
import { PoolWorker } from "./pool-worker.js";

/** How a pool is made. */
export interface PoolOptions {
  /** Threads. */
  readonly size: number;
  /** Jobs that one thread does at a time: more than one only where it mostly waits for a model. */
  readonly perWorker?: number;
  /** Jobs that may wait. */
  readonly mostWaiting: number;
  /** For a job in the queue, then it is refused. */
  readonly waitMs: number;
  /** For a running job, then its thread is ended and replaced. */
  readonly limitMs: number;
  /** For a cancelled job to notice, then its thread is ended and replaced. */
  readonly graceMs?: number;
  readonly settings: Omit<WorkerSettings, "cancelled">;
  /** The compiled worker. */
  readonly script?: URL;
}

interface Task {
  readonly id: number;
  readonly job: CompressJob;
  readonly resolve: (answer: JobAnswer) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
  readonly waitTimer: NodeJS.Timeout;
}

/** Threads that compress, and a bounded queue before them. A thread that ends, or does not come back, is replaced. */
export class WorkerPool {
  readonly #options: Required<PoolOptions>;
  readonly #workers = new Set<PoolWorker>();
  #waiting: Task[] = [];
  #nextId = 1;
  #isClosed = false;
  /** Milliseconds that a job took lately. */
  #meanMs = 5;

  constructor(options: PoolOptions) {
    const script = new URL("./compress-worker.js", import.meta.url);
    this.#options = { perWorker: 1, graceMs: 1000, script, ...options };
    for (let index = 0; index < options.size; index++) this.#start();
  }

  get status() {
    const workers = [...this.#workers].map((worker) => worker.status);
    return {
      size: this.#options.size,
      busy: workers.reduce((sum, { busy }) => sum + busy, 0),
      waiting: this.#waiting.length,
      capacity: this.#options.mostWaiting,
      workers,
    };
  }

  /** Jobs that can be taken now. */
  get room(): number {
    const running = [...this.#workers].reduce((sum, { busy }) => sum + busy, 0);
    const idle = Math.max(0, this.#options.size * this.#options.perWorker - running);
    return this.#options.mostWaiting + idle - this.#waiting.length;
  }

  /** Seconds after which the queue should be empty. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil((this.#waiting.length * this.#meanMs) / this.#options.size / 1000));
  }

  /** Does a job. @throws {BrevisError} `overloaded`, `aborted`, and as `compress` */
  run(job: CompressJob, signal?: AbortSignal): Promise<JobAnswer> {
    if (this.#isClosed) throw new BrevisError("aborted", "The service ends and takes no more work.");
    if (this.room <= 0) throw new OverloadError(`${this.#waiting.length} texts wait already.`, this.retryAfter);
    if (signal?.aborted) throw hungUp();
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const onAbort = () => this.#drop(id, hungUp());
      const waitTimer = setTimeout(() => {
        this.#drop(id, new OverloadError(`The text waited for ${this.#options.waitMs} ms.`, this.retryAfter));
      }, this.#options.waitMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push({ id, job, resolve, reject, signal, onAbort, waitTimer });
      this.#dispatch();
    });
  }

  /** Ends the threads; what waits or runs fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { id } of [...this.#waiting]) this.#drop(id, new BrevisError("aborted", "The service ends."));
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #start(): void {
    const { script, settings } = this.#options;
    const worker = new PoolWorker(script, settings, (ended) => {
      this.#workers.delete(ended);
      if (this.#isClosed) return;
      // A thread that cannot even start would otherwise be started without end.
      setTimeout(() => this.#replace(), ended.status.ready ? 0 : 500);
    });
    this.#workers.add(worker);
  }

  #replace(): void {
    if (this.#isClosed) return;
    this.#start();
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const free = [...this.#workers]
        .filter(({ busy }) => busy < this.#options.perWorker)
        .sort((one, other) => one.busy - other.busy)[0];
      if (free === undefined) return;
      this.#runOn(free, this.#waiting.shift()!);
    }
  }

  #runOn(worker: PoolWorker, task: Task): void {
    clearTimeout(task.waitTimer);
    task.signal?.removeEventListener("abort", task.onAbort);
    const { limitMs, graceMs } = this.#options;
    const started = performance.now();
    const endThread = () => void (worker.isRunning(task.id) && worker.terminate());
    const limit = setTimeout(endThread, limitMs);
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      worker.cancel(task.id);
      grace = setTimeout(endThread, graceMs);
      task.reject(hungUp());
    };
    task.signal?.addEventListener("abort", onAbort, { once: true });
    worker
      .run(task.id, task.job)
      .then(task.resolve, task.reject)
      .finally(() => {
        clearTimeout(limit);
        clearTimeout(grace);
        task.signal?.removeEventListener("abort", onAbort);
        this.#meanMs = 0.9 * this.#meanMs + 0.1 * (performance.now() - started);
        this.#dispatch();
      });
  }

  #drop(id: number, error: BrevisError): void {
    const at = this.#waiting.findIndex((task) => task.id === id);
    if (at === -1) return;
    const [task] = this.#waiting.splice(at, 1);
    clearTimeout(task!.waitTimer);
    task!.signal?.removeEventListener("abort", task!.onAbort);
    task!.reject(error);
  }
}

function hungUp(): BrevisError {
  return new BrevisError("aborted", "The caller hung up before the result was there.");
}
