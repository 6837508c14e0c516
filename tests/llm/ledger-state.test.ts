import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerLine, ReserveLine, SettleLine } from "../../src/llm/ledger/ledger-line.js";
import { LedgerState } from "../../src/llm/ledger/ledger-state.js";

const day = Date.parse("2026-03-01T00:00:00Z");

function timeOf(second: number): string {
  return new Date(day + second * 1000).toISOString();
}

function reserve(id: string, second: number, cost: number, over: Partial<ReserveLine> = {}): ReserveLine {
  const times = { at: timeOf(second), expires: timeOf(second + 900), process: "host:1:1" };
  return { type: "reserve", id, ...times, model: "m", purpose: "p", key: id, cost, ...over };
}

function settle(id: string, second: number, cost: number, over: Partial<SettleLine> = {}): SettleLine {
  const usage = { input: 1, cacheRead: 0, cacheWrite: 0, output: 1 };
  const what = { provider: "openai", model: "m", purpose: "p", usage, cost, end: "stop" as const };
  return { type: "settle", id, at: timeOf(second), ...what, latency: 1, sends: 1, lost: 0, ...over };
}

function replay(lines: readonly LedgerLine[]): { state: LedgerState; holds: boolean[] } {
  const state = new LedgerState();
  return { state, holds: lines.map((line) => state.apply(line)) };
}

describe("what a ledger's lines add up to", () => {
  it("never passes the limit, whatever the order, where no call costs more than was reserved", () => {
    const limit = 10;
    const step = fc.record({
      id: fc.integer({ min: 0, max: 20 }).map(String),
      kind: fc.constantFrom("reserve", "settle", "release"),
      cost: fc.double({ min: 0, max: 4, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const state = new LedgerState();
        const open = new Map<string, number>();
        const used = new Set<string>();
        for (const [second, { cost, id, kind, share }] of steps.entries()) {
          const reserved = open.get(id);
          if (kind === "reserve" && !used.has(id)) {
            used.add(id);
            if (state.apply(reserve(id, second, cost, { limit }))) open.set(id, cost);
          } else if (reserved !== undefined) {
            open.delete(id);
            const at = timeOf(second);
            if (kind === "settle") state.apply(settle(id, second, reserved * share));
            else state.apply({ type: "release", id, at, reason: "remote-failed", sends: 1, lost: 0 });
          }
          expect(state.costOn(timeOf(second))).toBeLessThanOrEqual(limit + 1e-9);
        }
      }),
    );
  });

  it("counts what is reserved until it is settled, released, or expires, unless it was renewed", () => {
    const lines = ["a", "b", "c", "d"].map((id) => reserve(id, 0, 1));
    const { state } = replay(lines);
    expect(state.costOn(timeOf(899))).toBe(4);
    state.apply(settle("a", 10, 0.25));
    state.apply({ type: "release", id: "b", at: timeOf(10), reason: "aborted", sends: 1, lost: 0 });
    state.apply({ type: "renew", id: "c", at: timeOf(600), expires: timeOf(1500) });
    expect(state.costOn(timeOf(899))).toBe(2.25);
    expect(state.costOn(timeOf(901))).toBe(1.25);
    expect(state.costOn(timeOf(1501))).toBe(0.25);
    state.apply(settle("d", 2000, 0.5));
    expect(state.costOn(timeOf(2000))).toBe(0.75);
  });

  it("counts a call on the day that it was reserved", () => {
    const midnight = 24 * 3600;
    const { state } = replay([reserve("a", midnight - 1, 1), settle("a", midnight + 1, 0.5)]);
    expect(state.costOn(timeOf(midnight - 1))).toBe(0.5);
    expect(state.costOn(timeOf(midnight + 1))).toBe(0);
  });

  it("has each process's own limit hold for its own calls", () => {
    const { holds } = replay([
      reserve("a", 0, 1),
      reserve("b", 1, 1, { limit: 1.5 }),
      reserve("c", 2, 1, { limit: 2 }),
    ]);
    expect(holds).toEqual([true, false, true]);
  });

  it("remembers calls that never ended, those of dead processes too, until the same call ends", () => {
    const lost = { type: "release" as const, id: "a", at: timeOf(1), reason: "lost", sends: 0, lost: 0 };
    const { state } = replay([reserve("a", 0, 1, { key: "k" }), lost]);
    expect(state.unendedWith("k")).toBe("a");
    state.apply(reserve("b", 2, 1, { key: "k" }));
    expect(state.unendedWith("k")).toBe("b");
    state.apply(settle("b", 3, 1));
    expect(state.unendedWith("k")).toBeUndefined();
  });

  it("counts a batch that was settled twice once", () => {
    const { state } = replay([
      reserve("a", 0, 1),
      settle("a", 1, 0.5, { batch: true }),
      settle("a", 2, 0.5, { batch: true }),
    ]);
    expect(state.costOn(timeOf(3))).toBe(0.5);
  });
});
