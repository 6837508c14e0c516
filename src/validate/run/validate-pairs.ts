import { loadTokenCounter, type TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { type BrevisError, BrevisError as Failure } from "../../errors.js";
import { openJsonLines } from "../../files/append-json-lines.js";
import { lockFile } from "../../files/lock-file.js";
import { runTasks } from "../../queue/run-tasks.js";
import type { Task, TaskKind } from "../../queue/task.js";
import type { Outcome, PairTask } from "../../records/outcome.js";
import type { ValidateSettings } from "../settings.js";
import { type Cell, keyOfPair, keyOfRun, type PairToValidate, pairKeyOf, planCells, tasksOf } from "./plan-cells.js";
import { readProgress } from "./read-progress.js";
import { type CellResult, summarizePair, type Validation } from "./summarize-pair.js";
import { type ValidateSetup, validateKind } from "./validate-kind.js";

/** How pairs are validated. */
export interface ValidatePairsOptions {
  readonly settings: ValidateSettings;
  readonly models: readonly string[];
  /** A file of verdicts, one a pair; what it holds of this run already is not done again. Outcomes of cells lie beside it. */
  readonly output: string;
  readonly concurrency?: number;
  readonly queue?: string;
  readonly signal?: AbortSignal;
  /** The tasks of a pair, where they are not those of its record or the settings. */
  readonly tasksOf?: (pair: PairToValidate) => Promise<PairTask[]>;
  readonly onPair?: (validation: Validation, pair: PairToValidate) => void;
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly warn?: (message: string) => void;
  /** Another way to do a cell, for tests. */
  readonly kind?: TaskKind<ValidateSetup, Cell, Outcome>;
}

/** What a run came to. */
export interface ValidateReport {
  readonly pairs: number;
  readonly passed: number;
  /** Pairs that an earlier run had finished. */
  readonly before: number;
  /** Pairs of the input that are the same as an earlier one of it. */
  readonly repeated: number;
  /** Cells that failed in every round; their pairs have no verdict yet. */
  readonly failed: readonly { readonly key: string; readonly error: BrevisError }[];
}

/** Cells that failed are tried again when everything else is done; what a provider's bad minute broke then works. */
const rounds = 3;
/** Errors that more of the same cells would only meet again. */
const fatal = new Set(["over-budget", "aborted", "model-missing", "invalid-option", "output-failed"]);

/** The file of outcomes that belongs to a file of verdicts. */
export function outcomesPath(output: string): string {
  return `${output.replace(/\.jsonl$/u, "")}.outcomes.jsonl`;
}

/**
 * Validates pairs: every cell (pair x model x task) is asked and compared once, and each pair gets one verdict. Appends as it goes, so that a
 * run that was killed goes on where it was: finished pairs are passed over, finished cells are read from the outcomes, and answers that had
 * come lie in the response cache.
 *
 * @param pairs read again for each round, so a function that opens them
 * @throws BrevisError `over-budget`, `aborted`, `model-missing`; `invalid-input` where `output` is of other settings
 */
export async function validatePairs(
  pairs: () => AsyncIterable<PairToValidate> | Iterable<PairToValidate>,
  options: ValidatePairsOptions,
): Promise<ValidateReport> {
  const unlock = await lockFile(`${options.output}.lock`, "validates into this file");
  const run = keyOfRun(options.models, options.settings);
  try {
    const progress = await readProgress(options.output, outcomesPath(options.output), run);
    const verdicts = await openJsonLines(options.output, { sync: "close" });
    const journal = await openJsonLines(outcomesPath(options.output), { sync: "close" });
    const counter = await loadTokenCounter();
    try {
      const state = new RunState(options, run, progress, counter, verdicts.append, journal.append);
      for (let round = 0; round < rounds; round++) if (await state.pass(pairs)) break;
      return state.report();
    } finally {
      await journal.close();
      await verdicts.close();
    }
  } finally {
    await unlock();
  }
}

interface OpenPair {
  readonly pair: PairToValidate;
  readonly missing: Set<string>;
  readonly results: CellResult[];
}

type Append = (...records: readonly unknown[]) => Promise<void>;

class RunState {
  readonly #open = new Map<string, OpenPair>();
  /** Every pair that was met in this pass, so that one that stands in the input twice counts once. */
  #met = new Set<string>();
  #failed: { key: string; error: BrevisError }[] = [];
  #pairs = 0;
  #passed = 0;
  #repeated = 0;
  readonly #before: number;

  constructor(
    private readonly options: ValidatePairsOptions,
    private readonly run: string,
    private readonly progress: Awaited<ReturnType<typeof readProgress>>,
    private readonly counter: TokenCounter,
    private readonly appendVerdict: Append,
    private readonly appendOutcome: Append,
  ) {
    this.#before = progress.finished.size;
    this.#passed = progress.passed;
  }

  /** Goes over all pairs once. @returns whether nothing is left to do */
  async pass(pairs: () => AsyncIterable<PairToValidate> | Iterable<PairToValidate>): Promise<boolean> {
    this.#failed = [];
    this.#met = new Set();
    this.#repeated = 0;
    this.#open.clear();
    const { settings, concurrency, queue, signal, warn, kind = validateKind } = this.options;
    const outcomes = runTasks(this.#tasks(pairs()), {
      ...{ kind, setup: { settings }, ordered: true },
      ...(concurrency !== undefined && { concurrency }),
      ...(queue !== undefined && { queue }),
      ...(signal && { signal }),
      ...(warn && { warn }),
    });
    for await (const outcome of outcomes) {
      if ("result" in outcome) await this.#take(outcome.result);
      else if (fatal.has(outcome.error.code)) throw outcome.error;
      else this.#failed.push(outcome);
    }
    return this.#failed.length === 0;
  }

  report(): ValidateReport {
    return {
      pairs: this.#pairs + this.#before,
      passed: this.#passed,
      before: this.#before,
      repeated: this.#repeated,
      failed: this.#failed,
    };
  }

  async *#tasks(pairs: AsyncIterable<PairToValidate> | Iterable<PairToValidate>): AsyncGenerator<Task<Cell>> {
    for await (const pair of pairs) {
      const tasks = await this.#planTasks(pair);
      if (tasks === undefined) continue;
      const key = keyOfPair(pair, tasks, this.run);
      if (this.#met.has(key)) this.#repeated++;
      if (this.#met.has(key) || this.progress.finished.has(key)) {
        this.#met.add(key);
        continue;
      }
      this.#met.add(key);
      yield* this.#cellsOf(pair, tasks, key);
    }
  }

  /** A pair whose tasks cannot be had fails like a cell, and the others go on. */
  async #planTasks(pair: PairToValidate): Promise<PairTask[] | undefined> {
    try {
      return (await this.options.tasksOf?.(pair)) ?? tasksOf(pair, this.options.settings);
    } catch (error) {
      if (!(error instanceof Failure) || fatal.has(error.code)) throw error;
      this.#failed.push({ key: pair.id, error });
      return undefined;
    }
  }

  async *#cellsOf(pair: PairToValidate, tasks: readonly PairTask[], key: string): AsyncGenerator<Task<Cell>> {
    const cells = planCells(pair, tasks, this.options.models, key);
    if (cells.length === 0) throw noTasks(pair);
    const known = cells.flatMap((cell) => this.progress.cells.get(cell.key) ?? []);
    const left = cells.filter((cell) => !this.progress.cells.has(cell.key));
    const open = { pair, missing: new Set(left.map((cell) => cell.key)), results: known };
    this.#open.set(key, open);
    if (left.length === 0) await this.#close(key, open);
    for (const cell of left) yield { key: cell.key, data: cell };
  }

  async #take(outcome: Outcome): Promise<void> {
    const key = pairKeyOf(outcome.key);
    const open = this.#open.get(key);
    // A queue may deliver twice what two workers did.
    if (!open?.missing.delete(outcome.key)) return;
    await this.appendOutcome(outcome);
    this.progress.cells.set(outcome.key, resultOf(outcome));
    open.results.push(resultOf(outcome));
    this.options.onOutcome?.(outcome);
    if (open.missing.size === 0) await this.#close(key, open);
  }

  async #close(key: string, { pair, results }: OpenPair): Promise<void> {
    this.#open.delete(key);
    const tokens = { verbose: this.counter.count(pair.verbose), compressed: this.counter.count(pair.compressed) };
    const validation = summarizePair({ key, run: this.run, tokens }, results);
    const scores = { ...pair.scores, ...(validation.min !== null && { validation: validation.min }) };
    await this.appendVerdict({ ...pair, scores, validation });
    this.progress.finished.add(key);
    for (const { key: cell } of results) this.progress.cells.delete(cell);
    this.#pairs++;
    if (validation.passed) this.#passed++;
    this.options.onPair?.(validation, pair);
  }
}

function resultOf({ key, model, task, index, score, equivalent, reasons }: Outcome): CellResult {
  return { key, model, task, index, equivalent, reasons, ...(score !== undefined && { score }) };
}

function noTasks({ id, domain }: PairToValidate): Error {
  return new Failure("invalid-option", `Expected a task for the pair ${id} but there is none for ${domain}.`, {
    hint: `List some under tasks.${domain} in the settings.`,
  });
}
