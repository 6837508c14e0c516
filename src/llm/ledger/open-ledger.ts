import { createHash, randomUUID } from "node:crypto";
import { BrevisError } from "../../errors.js";
import type { ProviderReply } from "../providers/provider-api.js";
import type { Sends } from "../providers/provider-fetch.js";
import type { Model } from "../registry/model.js";
import type { CostLimits } from "./cost-limits.js";
import { LedgerFile } from "./ledger-file.js";
import type { LedgerLine } from "./ledger-line.js";
import { LedgerState } from "./ledger-state.js";
import { isProcessGone, processName } from "./process-name.js";

/** What is about to be sent. */
export interface Expense {
  readonly model: Model;
  readonly purpose: string;
  /** Of the request, as the cache has it. */
  readonly key: string;
  /** US dollars at most; `undefined` without a price. */
  readonly cost: number | undefined;
  /** Milliseconds that the reservation outlives its process, if that dies. */
  readonly lifetime?: number;
  /** A batch: its provider goes on with it whatever becomes of the process. */
  readonly outlivesProcess?: boolean;
}

/** What came of it. */
export interface Spending {
  readonly reply: ProviderReply;
  readonly cost: number | undefined;
  readonly latency: number;
  readonly sends: Sends;
  readonly batch?: boolean;
}

/** Money set aside for one call. Exactly one of the two ends it. */
export interface Reservation {
  readonly id: string;
  settle(spending: Spending): Promise<void>;
  release(reason: string, sends: Sends): Promise<void>;
}

/** An append-only record of what models cost, shared by processes. */
export interface Ledger {
  /** Sets money aside. @throws BrevisError `over-budget` where the day's limit might be passed */
  reserve(expense: Expense): Promise<Reservation>;
  /** Ends a reservation that another process, or an earlier run, made. */
  settle(id: string, expense: Expense, spending: Spending): Promise<void>;
  release(id: string, reason: string, sends: Sends): Promise<void>;
  close(): Promise<void>;
}

/** What became of a line: whether a reservation holds, and the one with the same key before it that never ended. */
interface Verdict {
  readonly holds: boolean;
  readonly duplicate: string | undefined;
}

/** Longer than a call takes, its retries left aside: those renew. */
const defaultLifetime = 15 * 60_000;

/** How a ledger is kept. */
export interface LedgerOptions {
  readonly path: string;
  readonly limits: CostLimits;
  readonly warn: (message: string) => void;
  readonly clock?: () => number;
}

/** Opens the ledger when the first call is about to be sent. */
export function openLedger(options: LedgerOptions): Ledger {
  return new SharedLedger(options, options.clock ?? Date.now);
}

class SharedLedger implements Ledger {
  readonly #state = new LedgerState();
  readonly #renewed = new Map<string, number>();
  #file: Promise<LedgerFile> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** One line after another: each is written, then everything up to it is read back. */
  #turn: Promise<unknown> = Promise.resolve();
  #hasWarned = false;

  constructor(
    private readonly options: LedgerOptions,
    private readonly clock: () => number,
  ) {}

  async reserve(expense: Expense): Promise<Reservation> {
    const { cost = 0, lifetime = defaultLifetime, outlivesProcess = false } = expense;
    const tried = await this.#inTurn(async (file) => {
      const first = await this.#tryToReserve(file, expense);
      // Others may have died since this process looked.
      return first.holds || (await this.#releaseGone(file)) === 0 ? first : this.#tryToReserve(file, expense);
    });
    const { duplicate, holds, id, spent } = tried;
    if (!holds) throw overBudget(this.options.limits.daily ?? 0, spent, cost);
    if (!outlivesProcess) {
      this.#renewed.set(id, lifetime);
      this.#keepRenewing();
    }
    return {
      id,
      settle: (spending) => this.#settle(id, expense, spending, duplicate),
      release: (reason, sends) => this.release(id, reason, sends),
    };
  }

  async #tryToReserve(file: LedgerFile, expense: Expense) {
    const { cost = 0, key, lifetime = defaultLifetime, model, outlivesProcess, purpose } = expense;
    const { daily } = this.options.limits;
    const id = randomUUID();
    const at = this.#now();
    const times = { at, expires: this.#now(lifetime), process: outlivesProcess ? "batch" : processName() };
    const limit = daily === undefined ? {} : { limit: daily };
    const what = { model: model.slug, purpose, key: shorten(key), cost };
    const written = await this.#write(file, { type: "reserve", id, ...times, ...what, ...limit });
    return { id, ...written, spent: this.#state.costOn(at) };
  }

  settle(id: string, expense: Expense, spending: Spending): Promise<void> {
    return this.#settle(id, expense, spending, undefined);
  }

  async #settle(id: string, { model, purpose }: Expense, spending: Spending, duplicate?: string): Promise<void> {
    const { batch, cost, latency, reply, sends } = spending;
    this.#renewed.delete(id);
    await this.#inTurn(async (file) => {
      const { provider, slug } = model;
      const line = { type: "settle" as const, id, at: this.#now(), provider, model: slug, purpose, usage: reply.usage };
      const times = { latency: Math.round(latency), sends: sends.count, lost: sends.lost };
      const marks = { ...(batch ? { batch } : {}), ...(duplicate ? { possibleDuplicateOf: duplicate } : {}) };
      await this.#write(file, { ...line, cost: cost ?? null, end: reply.end, ...times, ...marks });
    });
  }

  async release(id: string, reason: string, sends: Sends): Promise<void> {
    this.#renewed.delete(id);
    await this.#inTurn((file) =>
      this.#write(file, { type: "release", id, at: this.#now(), reason, sends: sends.count, lost: sends.lost }),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn.catch(() => {});
    const file = await this.#file?.catch(() => undefined);
    this.#file = undefined;
    await file?.close();
  }

  #inTurn<Result>(step: (file: LedgerFile) => Promise<Result>): Promise<Result> {
    this.#file ??= this.#openFile();
    const file = this.#file;
    const turn = this.#turn.then(async () => step(await file));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #openFile(): Promise<LedgerFile> {
    const file = await LedgerFile.open(this.options.path, this.clock());
    await this.#readNew(file);
    await this.#releaseGone(file);
    return file;
  }

  /** Gives back what processes reserved that are gone. @returns how many reservations that were */
  async #releaseGone(file: LedgerFile): Promise<number> {
    const gone = this.#state.open().filter(({ process }) => isProcessGone(process));
    for (const { id } of gone) {
      await this.#write(file, { type: "release", id, at: this.#now(), reason: "lost", sends: 0, lost: 0 });
    }
    return gone.length;
  }

  /** Appends a line and reads up to it. A line that came out broken is written again. */
  async #write(file: LedgerFile, line: LedgerLine): Promise<Verdict> {
    for (let attempt = 0; attempt < 3; attempt++) {
      await file.append(line);
      const verdict = await this.#readNew(file, line);
      if (verdict === undefined) continue;
      this.#warnOnce();
      return verdict;
    }
    const message = `Expected to read back what was written to ${this.options.path} but it is not there.`;
    throw new BrevisError("output-failed", message, { hint: "Something else shortened the file: start again." });
  }

  async #readNew(file: LedgerFile, own?: LedgerLine): Promise<Verdict | undefined> {
    let verdict: Verdict | undefined;
    for (const line of await file.readNew()) {
      const isOwn = own && line.type === own.type && line.id === own.id && line.at === own.at;
      // As of this place in the file: others may have written just before.
      const duplicate = isOwn && line.type === "reserve" ? this.#state.unendedWith(line.key) : undefined;
      const holds = this.#state.apply(line);
      if (isOwn) verdict = { holds, duplicate };
    }
    return verdict;
  }

  #warnOnce(): void {
    const { warnAt } = this.options.limits;
    if (this.#hasWarned || warnAt === undefined) return;
    const cost = this.#state.costOn(this.#now());
    if (cost < warnAt) return;
    this.#hasWarned = true;
    this.options.warn(`Models cost $${cost.toFixed(2)} today, COST_WARN_THRESHOLD_USD is $${warnAt.toFixed(2)}.`);
  }

  #keepRenewing(): void {
    this.#timer ??= setInterval(() => {
      for (const [id, lifetime] of this.#renewed) {
        const renew = (file: LedgerFile) =>
          this.#write(file, { type: "renew", id, at: this.#now(), expires: this.#now(lifetime) });
        void this.#inTurn(renew).catch(() => {});
      }
    }, defaultLifetime / 3).unref();
  }

  #now(later = 0): string {
    return new Date(this.clock() + later).toISOString();
  }
}

function shorten(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

function overBudget(limit: number, spent: number, cost: number): BrevisError {
  const dollars = (amount: number) => `$${amount.toFixed(4)}`;
  const message = `Expected today's cost of models to stay below ${dollars(limit)} but ${dollars(spent)} is spent or reserved, and the call may cost ${dollars(cost)}.`;
  return new BrevisError("over-budget", message, {
    hint: "Raise COST_LIMIT_DAILY_USD, or go on tomorrow (UTC): what was finished is kept.",
  });
}
