import { describe, expect, it } from "vitest";
import { measureCalls } from "../../../src/bench/latency/measure-calls.js";

const texts = Array.from({ length: 9 }, (_, at) => `Report ${at}: the pump in hall ${at} of the old mill stopped.`);

describe("measureCalls", () => {
  it.each([1, 4])("times each text but those of the warm-up, with %i callers", async (callers) => {
    const { calls, times, p50, p95, p99, tokensPerSecond } = await measureCalls(
      { tokens: 16, texts },
      { rate: 0.5 },
      { callers, warmUp: 2 },
    );
    expect([calls, times.length]).toEqual([7, 7]);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(p50).toBeLessThanOrEqual(p95);
    expect(p95).toBeLessThanOrEqual(p99);
    expect(tokensPerSecond).toBeGreaterThan(0);
  });

  it("passes on what compress refuses", async () => {
    const options = { rate: 2 };
    await expect(measureCalls({ tokens: 16, texts }, options, { callers: 2, warmUp: 0 })).rejects.toThrow(/rate/u);
  });
});
