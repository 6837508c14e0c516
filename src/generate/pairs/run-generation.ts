import type { BrevisError, BrevisErrorCode } from "../../errors.js";
import type { ChatAnswer } from "../../llm/types.js";
import { runTasks } from "../../queue/run-tasks.js";
import type { Task, TaskOutcome } from "../../queue/task.js";
import { type AskSetup, askTask } from "./ask-task.js";
import type { Call } from "./build-requests.js";
import type { Journal } from "./journal.js";
import type { Job } from "./plan-jobs.js";
import { type Proposer, type SettleTools, type Step, settleJob } from "./settle-job.js";

/** How a run is made. */
export interface RunOptions {
  readonly setup: AskSetup;
  /** Calls at once; what the queue takes by itself where it is not said. */
  readonly concurrency: number | undefined;
  /** `redis://...`: workers make the calls. */
  readonly queue: string | undefined;
  /** Hears, for a queue, that no worker is there. */
  readonly warn: (message: string) => void;
  /** Calls in a row that may fail for good before the run stops. */
  readonly mostFailures: number;
  /** Ends the run when the calls under way have their answers. */
  readonly stop: AbortSignal;
  /** Ends the run at once. */
  readonly abort: AbortSignal;
  /** Called whenever a job is settled. @param isKnown an earlier run had all its answers */
  readonly onSettled: (isKnown: boolean) => void;
}

/** How a run ended. */
export interface RunReport {
  /** Jobs whose call failed for good this time, and why the last one did. */
  readonly failed: number;
  /** What ended the run before all jobs were done: nothing where it was the user. */
  readonly error: BrevisError | undefined;
  /** Calls that an earlier run had under way when it was killed, and that were sent again. */
  readonly sentAgain: number;
}

/** Faults of one call that say nothing of the next: the others go on. */
const passing: ReadonlySet<BrevisErrorCode> = new Set(["remote-failed", "overloaded"]);

/**
 * Asks for all that the jobs still need, each call once. Every answer is in the journal, on the disk, before anything is made of it.
 *
 * @throws {BrevisError} `output-failed` where the journal cannot be written
 */
export async function runGeneration(
  jobs: readonly Job[],
  tools: SettleTools,
  journal: Journal,
  options: RunOptions,
): Promise<RunReport> {
  const run = new GenerationRun(jobs, tools, journal, options);
  const { concurrency, queue, setup, abort, warn } = options;
  const common = {
    kind: askTask,
    setup,
    signal: abort,
    warn,
    ...(concurrency !== undefined && { concurrency }),
    ...(queue !== undefined && { queue }),
  };
  try {
    for await (const outcome of runTasks(run.tasks(), common)) await run.take(outcome);
  } catch (error) {
    if (!abort.aborted) throw error;
  } finally {
    run.release();
  }
  return run;
}

class GenerationRun implements RunReport {
  failed = 0;
  error: BrevisError | undefined;
  sentAgain = 0;
  #inRow = 0;
  readonly #underWay = new Map<string, Job>();
  /** Calls that follow from an answer; they go before new jobs. */
  readonly #ready: [call: Call, job: Job][] = [];
  #wake: (() => void) | undefined;
  readonly #ring = () => this.#wake?.();

  constructor(
    private readonly jobs: readonly Job[],
    private readonly tools: SettleTools,
    private readonly journal: Journal,
    private readonly options: RunOptions,
  ) {
    options.stop.addEventListener("abort", this.#ring);
  }

  release(): void {
    this.options.stop.removeEventListener("abort", this.#ring);
  }

  /** The calls to make, as they become known. Ends when no answer that is still awaited can lead to another. */
  async *tasks(): AsyncGenerator<Task<Call["request"]>> {
    for (const job of this.jobs) {
      yield* this.#sendReady();
      if (this.#isOver()) return;
      const step = await this.#advance(job, true);
      if (step !== undefined && "call" in step) yield await this.#send(step.call, job);
    }
    while (!this.#isOver() && (this.#underWay.size > 0 || this.#ready.length > 0)) {
      yield* this.#sendReady();
      if (this.#underWay.size > 0 && this.#ready.length === 0) await this.#change();
    }
  }

  async take(outcome: TaskOutcome<ChatAnswer>): Promise<void> {
    const job = this.#underWay.get(outcome.key)!;
    if ("error" in outcome) this.#fail(outcome.error);
    else {
      this.#inRow = 0;
      const { text, end, model, cost } = outcome.result;
      await this.journal.keep(outcome.key, { text, end, model, ...(cost !== undefined && { cost }) });
      const step = await this.#advance(job, false);
      if (step !== undefined && "call" in step) this.#ready.push([step.call, job]);
    }
    this.#underWay.delete(outcome.key);
    this.#ring();
  }

  #isOver(): boolean {
    return this.options.stop.aborted || this.error !== undefined;
  }

  async *#sendReady(): AsyncGenerator<Task<Call["request"]>> {
    for (let next = this.#ready.shift(); next !== undefined; next = this.#ready.shift()) {
      if (this.#isOver()) return;
      yield await this.#send(...next);
    }
  }

  async #send(call: Call, job: Job): Promise<Task<Call["request"]>> {
    if (this.journal.unanswered.has(call.key)) this.sentAgain++;
    this.#underWay.set(call.key, job);
    await this.journal.send(call.key);
    return { key: call.key, data: call.request };
  }

  /** Takes a job as far as what is known leads. @returns nothing where the run is to end meanwhile */
  async #advance(job: Job, isFirst: boolean): Promise<Step | undefined> {
    let isKnown = isFirst;
    for (;;) {
      const step = settleJob(job, this.tools, this.journal);
      if (!("propose" in step)) {
        if (!("call" in step)) this.options.onSettled(isKnown);
        return step;
      }
      if (this.#isOver()) return undefined;
      isKnown = false;
      await this.#propose(job, step.propose);
    }
  }

  async #propose(job: Job, proposer: Proposer): Promise<void> {
    const proposal = await proposer.propose(job, this.options.abort);
    const key = proposer.keyOf(job);
    if ("failed" in proposal) return this.journal.keepFailure(key, proposal.failed);
    await this.journal.keep(key, { text: proposal.text, end: "stop", model: proposer.name });
  }

  #fail(error: BrevisError): void {
    if (error.code === "aborted") return;
    this.failed++;
    this.#inRow++;
    if (!passing.has(error.code) || this.#inRow >= this.options.mostFailures) this.error ??= error;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
