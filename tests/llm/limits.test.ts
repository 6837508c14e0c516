import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProviderLimiter } from "../../src/llm/limits/provider-limiter.js";
import { TokenRate } from "../../src/llm/limits/token-rate.js";
import { loadRegistry } from "../../src/llm/registry/load-registry.js";
import { resolveModel } from "../../src/llm/registry/resolve-model.js";

vi.mock("node:timers/promises", async (original) => ({ ...(await original<object>()), setTimeout: vi.fn() }));

describe("TokenRate", () => {
  let now = 0;
  const sleeps: number[] = [];
  beforeEach(() => {
    now = 0;
    sleeps.length = 0;
    // Time passes by sleeping alone.
    vi.mocked(sleep).mockImplementation(async (milliseconds) => {
      sleeps.push(milliseconds ?? 0);
      now += milliseconds ?? 0;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it("lets a minute's tokens go at once, and the rest as they come back", async () => {
    const rate = new TokenRate(6000, () => now);
    for (const tokens of [3000, 3000]) await rate.take(tokens);
    expect(sleeps).toEqual([]);
    await rate.take(1000);
    expect(now).toBe(10_000);
    await rate.take(500);
    expect(now).toBe(15_000);
  });

  it("lets a request larger than a minute's tokens go when the bucket is full, and those after it wait it off", async () => {
    const rate = new TokenRate(6000, () => now);
    await rate.take(12_000);
    expect(now).toBe(0);
    await rate.take(1000);
    expect(now).toBe(70_000);
  });

  it("takes back what an estimate was wrong by", async () => {
    const rate = new TokenRate(6000, () => now);
    await rate.take(6000);
    rate.correct(6000, 1000);
    await rate.take(5000);
    expect(now).toBe(0);
  });

  it("serves first who came first, and forgets who gave up", async () => {
    const rate = new TokenRate(6000, () => now);
    await rate.take(6000);
    const order: string[] = [];
    const gone = AbortSignal.abort();
    const turns = [
      rate.take(3000).then(() => order.push("large")),
      rate.take(10, gone).catch(() => order.push("gone")),
      rate.take(10).then(() => order.push("small")),
    ];
    await Promise.all(turns);
    expect(order).toEqual(["large", "gone", "small"]);
    expect(now).toBeLessThan(31_000);
  });
});

describe("the limiter", () => {
  it("holds each provider, and each server of the user's own, to its own number of calls at once", async () => {
    const registry = loadRegistry({
      BREVIS_SERVER_A_URL: "http://a/v1",
      BREVIS_SERVER_A_MODEL: "m",
      BREVIS_SERVER_B_URL: "http://b/v1",
      BREVIS_SERVER_B_MODEL: "m",
    });
    const limiter = createProviderLimiter({ ...registry, limitsOf: () => ({ concurrency: 2 }) });
    const models = ["claude-sonnet-5-5", "gpt-4.1", "compatible:a", "compatible:b"].map((slug) =>
      resolveModel(registry, slug),
    );
    const held = models.map(() => 0);
    const leaves: (() => void)[] = [];
    for (const [at, model] of models.entries()) {
      for (let call = 0; call < 4; call++) {
        void limiter.enter(model, 1, undefined).then((leave) => {
          held[at]!++;
          leaves.push(leave);
        });
      }
    }
    await new Promise(setImmediate);
    expect(held).toEqual([2, 2, 2, 2]);
    for (const leave of leaves.splice(0)) leave();
    await new Promise(setImmediate);
    expect(held).toEqual([4, 4, 4, 4]);
  });
});
