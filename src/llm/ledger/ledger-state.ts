import type { LedgerLine, ReserveLine, SettleLine } from "./ledger-line.js";

interface OpenReservation {
  readonly line: ReserveLine;
  expires: string;
}

/**
 * What a ledger's lines add up to. All processes read the same lines in the same order, so all come to the same decision on each
 * reservation: it holds if, at its place in the file, it fits under the limit that it names. No lock is needed for that.
 */
export class LedgerState {
  readonly #open = new Map<string, OpenReservation>();
  /** Reservations that never ended, by key; those of dead processes stay. */
  readonly #unended = new Map<string, string>();
  readonly #settled = new Map<string, number>();
  readonly #batches = new Set<string>();

  /** Takes in the file's next line. @returns whether it is a reservation that holds, or any other line */
  apply(line: LedgerLine): boolean {
    if (line.type === "reserve") return this.#reserve(line);
    const reserved = this.#open.get(line.id);
    if (line.type === "renew") {
      if (reserved) reserved.expires = line.expires;
      return true;
    }
    this.#open.delete(line.id);
    if (line.type === "settle" && !this.#isKnownBatch(line)) {
      const day = dayOf(reserved?.line.at ?? line.at);
      this.#settled.set(day, (this.#settled.get(day) ?? 0) + (line.cost ?? 0));
    }
    const isKnownDead = line.type === "release" && line.reason === "lost";
    if (reserved && !isKnownDead && this.#unended.get(reserved.line.key) === line.id) {
      this.#unended.delete(reserved.line.key);
    }
    return true;
  }

  /** A kill between settling a batch and noting that has it settled again. */
  #isKnownBatch({ batch, id }: SettleLine): boolean {
    if (!batch) return false;
    const isKnown = this.#batches.has(id);
    this.#batches.add(id);
    return isKnown;
  }

  #reserve(line: ReserveLine): boolean {
    if (line.limit !== undefined && this.costOn(line.at) + line.cost > line.limit) return false;
    this.#open.set(line.id, { line, expires: line.expires });
    this.#unended.set(line.key, line.id);
    return true;
  }

  /** US dollars of the day of `at`: what was settled, and what is reserved and has not expired. */
  costOn(at: string): number {
    const day = dayOf(at);
    let cost = this.#settled.get(day) ?? 0;
    for (const { expires, line } of this.#open.values()) {
      if (dayOf(line.at) === day && expires > at) cost += line.cost;
    }
    return cost;
  }

  /** The reservation of a call with this key that has not ended: it is under way elsewhere, or its process died. */
  unendedWith(key: string): string | undefined {
    return this.#unended.get(key);
  }

  /** Reservations that are open now. */
  open(): ReserveLine[] {
    return [...this.#open.values()].map(({ line }) => line);
  }
}

/** Days are UTC's, so that processes in several time zones share them. */
function dayOf(at: string): string {
  return at.slice(0, 10);
}
