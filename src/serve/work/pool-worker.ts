import { Worker } from "node:worker_threads";
import { BrevisError } from "../../errors.js";
import type { CompressJob, FromWorker, JobAnswer, ToWorker, WorkerSettings } from "./job.js";

interface Running {
  readonly resolve: (answer: JobAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread and the jobs that it does now. Used up once it has ended; the pool then starts another. */
export class PoolWorker {
  readonly #worker: Worker;
  readonly #running = new Map<number, Running>();
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  #isReady = false;
  #hasEnded = false;
  done = 0;

  constructor(
    script: URL,
    settings: Omit<WorkerSettings, "cancelled">,
    readonly onEnd: (worker: PoolWorker) => void,
  ) {
    const cancelled = this.#cancelled.buffer as SharedArrayBuffer;
    this.#worker = new Worker(script, { workerData: { ...settings, cancelled } satisfies WorkerSettings });
    this.#worker.on("message", (message: FromWorker) => this.#receive(message));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(undefined));
  }

  get busy(): number {
    return this.#running.size;
  }

  get status(): { thread: number; ready: boolean; busy: number; done: number } {
    return { thread: this.#worker.threadId, ready: this.#isReady, busy: this.busy, done: this.done };
  }

  run(id: number, job: CompressJob): Promise<JobAnswer> {
    return new Promise((resolve, reject) => {
      this.#running.set(id, { resolve, reject });
      this.#worker.postMessage({ id, job } satisfies ToWorker);
    });
  }

  /** Asks a job to end; it does at its next step. */
  cancel(id: number): void {
    Atomics.store(this.#cancelled, 0, id);
    this.#worker.postMessage({ cancel: id } satisfies ToWorker);
  }

  isRunning(id: number): boolean {
    return this.#running.has(id);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    if ("ready" in message) {
      this.#isReady = true;
      return;
    }
    const running = this.#running.get(message.id);
    if (running === undefined) return;
    this.#running.delete(message.id);
    this.done++;
    if ("answer" in message) running.resolve(message.answer);
    else {
      const { code, message: text, hint } = message.error;
      running.reject(new BrevisError(code, text, hint === undefined ? {} : { hint }));
    }
  }

  #end(cause: Error | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const error = new BrevisError("internal", "Expected a result but the thread that computed it ended.", {
      ...(cause === undefined ? {} : { cause }),
    });
    for (const { reject } of this.#running.values()) reject(error);
    this.#running.clear();
    this.onEnd(this);
  }
}
