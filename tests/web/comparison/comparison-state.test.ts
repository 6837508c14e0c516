import { describe, expect, it } from "vitest";
import { applyEvent, type ComparisonState, noComparison } from "../../../web/src/comparison/comparison-state.js";

const start: ComparisonState = { ...noComparison, phase: "running" };
const follow = (events: readonly [name: string, data: unknown][]) =>
  events.reduce((state, [name, data]) => applyEvent(state, { name, data }), start);

describe("the state of a comparison", () => {
  it("holds each side's text and figures, however their events are mixed", () => {
    const figures = { input_tokens: 10, output_tokens: 2, latency_ms: 5, cost: null };
    const state = follow([
      ["dict_info", { enabled: true }],
      ["direct_token", { text: "One" }],
      ["compact_token", { text: "Ein" }],
      ["direct_token", { text: " two" }],
      ["compact_done", figures],
      ["direct_done", { error: { code: "remote-failed", message: "no" } }],
      ["stream_end", { ok: false }],
    ]);
    expect(state).toEqual({
      phase: "done",
      direct: { text: "One two", error: { code: "remote-failed", message: "no" } },
      compact: { text: "Ein", figures },
    });
  });

  it("warns of a longer answer only where it is longer", () => {
    expect(follow([["output_guard", { exceeded: false, message: null }]]).guard).toBeUndefined();
    expect(follow([["output_guard", { exceeded: true, message: "longer" }]]).guard).toBe("longer");
  });

  it("fails as a whole where the service says so", () => {
    const state = follow([
      ["error", { error: { code: "overloaded", message: "later" } }],
      ["stream_end", { ok: false }],
    ]);
    expect(state).toMatchObject({ phase: "failed", error: { message: "later" } });
  });
});
