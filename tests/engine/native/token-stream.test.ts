/** Generations as their reader sees them. The test engine's tokens are 1, 2, 3, ... */
import { describe, expect, it, onTestFinished } from "vitest";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import type { EngineSession, GenerateOptions, TokenStream } from "../../../src/engine/types.js";
import { fixturePath, hasAddon, needsAddon, readGoldens } from "./fixture-models.js";
import { hasTestEngine, needsTestEngine, readCounts, useTestEngine } from "./test-engine.js";

const engine = useTestEngine();
const [counted, endless, silent, failing, gated] = [0, 1, 2, 3, 4].map((command) => Int32Array.of(command));

async function readAll(stream: TokenStream): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of stream) tokens.push(token);
  return tokens;
}

/** Reads until `count` tokens have come. */
async function readSome(stream: TokenStream, count: number): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of stream) {
    tokens.push(token);
    if (tokens.length === count) break;
  }
  return tokens;
}

function countTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

describe.skipIf(!hasTestEngine)(`a stream of tokens${needsTestEngine}`, () => {
  async function openSession(): Promise<EngineSession> {
    return (await engine.open()).openSession();
  }

  it("gives every token in order, and then the report", async () => {
    const session = await openSession();
    const stream = session.generate(counted!, { maxTokens: 10_000 });
    expect(await readAll(stream)).toEqual(countTo(10_000));
    expect(await stream.report).toEqual({
      finish: "length",
      promptTokens: 1,
      reusedTokens: 0,
      generatedTokens: 10_000,
      draftedTokens: 0,
      acceptedTokens: 0,
    });
  });

  it("gives tokens while the generation runs", async () => {
    const session = await openSession();
    const stream = session.generate(gated!, { maxTokens: 6 });
    const iterator = stream[Symbol.asyncIterator]();
    // The fourth is not generated before the gate is open.
    const first = [await iterator.next(), await iterator.next(), await iterator.next()];
    expect(first.map(({ value }) => value)).toEqual([1, 2, 3]);
    engine.openGate();
    expect((await iterator.next()).value).toBe(4);
    expect(await stream.report).toMatchObject({ generatedTokens: 6 });
  });

  it("runs and keeps its tokens without a reader", async () => {
    const session = await openSession();
    const stream = session.generate(counted!, { maxTokens: 500 });
    expect(await stream.report).toMatchObject({ generatedTokens: 500 });
    expect(await readAll(stream)).toEqual(countTo(500));
  });

  it("ends the generation when its reader leaves early, and says so in the report", async () => {
    const session = await openSession();
    const stream = session.generate(endless!, { maxTokens: 5 });
    expect(await readSome(stream, 3)).toEqual([1, 2, 3]);
    const report = await stream.report;
    expect(report.finish).toBe("callback");
    expect(report.generatedTokens).toBeGreaterThanOrEqual(3);
    expect(await readAll(session.generate(counted!, { maxTokens: 2 }))).toEqual([1, 2]);
  });

  it("ends the generation when its reader throws", async () => {
    const session = await openSession();
    const stream = session.generate(endless!, { maxTokens: 5 });
    const reading = (async () => {
      for await (const _ of stream) throw new Error("of the reader's own");
    })();
    await expect(reading).rejects.toThrow("of the reader's own");
    expect(await stream.report).toMatchObject({ finish: "callback" });
  });

  it("leaves the queue at once when its reader leaves while it waits", async () => {
    const model = await engine.open();
    const session = await model.openSession();
    const { calls } = await readCounts(model);
    const running = session.generate(gated!, { maxTokens: 6 });
    const waiting = session.generate(endless!, { maxTokens: 5 });
    const iterator = waiting[Symbol.asyncIterator]();
    const next = iterator.next();
    await iterator.return!();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await waiting.report).toEqual({
      finish: "callback",
      promptTokens: 0,
      reusedTokens: 0,
      generatedTokens: 0,
      draftedTokens: 0,
      acceptedTokens: 0,
    });
    engine.openGate();
    await running.report;
    expect((await readCounts(model)).calls).toBe(calls + 1);
  });

  it("ends when its reader leaves before the first token", async () => {
    const session = await openSession();
    const stream = session.generate(silent!, { maxTokens: 5 });
    await stream[Symbol.asyncIterator]().return!();
    expect(await stream.report).toMatchObject({ finish: "callback", generatedTokens: 0 });
  });

  it("gives each token to one of several readers that wait at the same time", async () => {
    const session = await openSession();
    const iterator = session.generate(counted!, { maxTokens: 4 })[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 6 }, () => iterator.next()));
    expect(results.map(({ value }) => value)).toEqual([1, 2, 3, 4, undefined, undefined]);
  });

  it("throws in the loop and in the report what the engine reports, after the tokens before it", async () => {
    const session = await openSession();
    const stream = session.generate(failing!, { maxTokens: 9 });
    const tokens: number[] = [];
    const reading = (async () => {
      for await (const token of stream) tokens.push(token);
    })();
    await expect(reading).rejects.toMatchObject({ code: "engine-failed", message: "status 9 of the test engine" });
    await expect(stream.report).rejects.toMatchObject({ code: "engine-failed" });
    expect(tokens).toEqual([1, 2, 3]);
  });

  it("is read once", async () => {
    const session = await openSession();
    const stream = session.generate(counted!, { maxTokens: 3 });
    await readAll(stream);
    await expect(readAll(stream)).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("ends at once when its signal has fired before", async () => {
    const session = await openSession();
    const stream = session.generate(counted!, { maxTokens: 3, signal: AbortSignal.abort("why") });
    await expect(readAll(stream)).rejects.toMatchObject({ code: "aborted", cause: "why" });
    await expect(stream.report).rejects.toMatchObject({ code: "aborted", cause: "why" });
  });

  it.each([
    ["between tokens", endless],
    ["before the first token", silent],
  ])("ends when its signal fires %s", async (_, prompt) => {
    const session = await openSession();
    const controller = new AbortController();
    const stream = session.generate(prompt!, { maxTokens: 3, signal: controller.signal });
    const reading = readAll(stream);
    await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort("why");
    await expect(reading).rejects.toMatchObject({ name: "BrevisError", code: "aborted", cause: "why" });
    await expect(stream.report).rejects.toMatchObject({ code: "aborted" });
  });

  it("drops the tokens that nobody has read when it is aborted", async () => {
    const session = await openSession();
    const controller = new AbortController();
    const stream = session.generate(gated!, { maxTokens: 6, signal: controller.signal });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort();
    engine.openGate();
    await expect(stream.report).rejects.toMatchObject({ code: "aborted" });
    await expect(iterator.next()).rejects.toMatchObject({ code: "aborted" });
  });

  it("leaves no unhandled rejection when nobody reads its report or its tokens", async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    onTestFinished(() => void process.off("unhandledRejection", listen));
    const session = await openSession();
    const controller = new AbortController();
    session.generate(failing!, { maxTokens: 9 });
    session.generate(counted!, { maxTokens: 0 });
    session.generate(endless!, { maxTokens: 9, signal: controller.signal });
    await expect(readAll(session.generate(counted!, { maxTokens: -1 }))).rejects.toMatchObject({
      code: "invalid-input",
    });
    controller.abort();
    expect(await readAll(session.generate(counted!, { maxTokens: 2 }))).toEqual([1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(unhandled).toEqual([]);
  });

  it.each([
    { maxTokens: 0 },
    { maxTokens: 1.5 },
    { maxTokens: 2 ** 31 },
    { maxTokens: "3" },
    {},
    { maxTokens: 1, seed: -1 },
    { maxTokens: 1, seed: 2 ** 60 },
    { maxTokens: 1, topK: -1 },
    { maxTokens: 1, temperature: "hot" },
    { maxTokens: 1, stopIds: [1.5] },
    { maxTokens: 1, stopIds: [-1] },
    { maxTokens: 1, stopIds: 7 },
    { maxTokens: 1, adapters: [null] },
    { maxTokens: 1, adapters: [{ name: 1 }] },
    { maxTokens: 1, lookupTokens: Number.NaN },
    undefined,
    null,
  ])("rejects with options that cannot be meant: %j", async (options) => {
    const session = await openSession();
    const stream = session.generate(counted!, options as unknown as GenerateOptions);
    await expect(stream.report).rejects.toMatchObject({ name: "BrevisError", code: "invalid-input" });
  });
});

describe.skipIf(!hasAddon)(`a generation on the CPU engine${needsAddon}`, () => {
  async function openFixtureSession(context?: number) {
    const model = await openEngineModel(fixturePath("tied-gqa1"), { engine: "cpu" });
    onTestFinished(() => model.dispose());
    return model.openSession(context === undefined ? {} : { context });
  }
  const goldens = readGoldens("tied-gqa1");
  const prompt = goldens.sequences[0]!.tokens;

  it("stops before a stop id, and at the end of its context", async () => {
    const session = await openFixtureSession(prompt.length + 8);
    const stopId = goldens.continuation[5]!;
    const stopped = session.generate(prompt, { maxTokens: 64, stopIds: [stopId, 2 ** 31 - 1] });
    expect(await readAll(stopped)).toEqual([...goldens.continuation.slice(0, goldens.continuation.indexOf(stopId))]);
    expect(await stopped.report).toMatchObject({ finish: "stop" });
    const full = session.generate(prompt, { maxTokens: 64 });
    const tokens = await readAll(full);
    expect(tokens).toEqual([...goldens.continuation.slice(0, tokens.length)]);
    expect(await full.report).toMatchObject({ finish: "context", reusedTokens: prompt.length - 1 });
  });

  it("gives the same tokens with prompt look-up, and with the same seed", async () => {
    const session = await openFixtureSession();
    const maxTokens = goldens.continuation.length;
    const lookedUp = session.generate(prompt, { maxTokens, lookupTokens: 8, lookupNgram: 1 });
    expect(await readAll(lookedUp)).toEqual([...goldens.continuation]);
    expect((await lookedUp.report).draftedTokens).toBeGreaterThan(0);
    const sampling = { maxTokens, temperature: 1, topK: 50, topP: 0.9, minP: 0.01, repetitionPenalty: 1.1, seed: 7 };
    const sampled = await readAll(session.generate(prompt, sampling));
    expect(await readAll(session.generate(prompt, sampling))).toEqual(sampled);
    expect(await readAll(session.generate(prompt, { ...sampling, seed: 2 ** 53 - 1 }))).not.toEqual(sampled);
  });

  it("refuses sampling that is no number, an empty prompt, and a prompt beyond its context", async () => {
    const session = await openFixtureSession(4);
    for (const stream of [
      session.generate(prompt, { maxTokens: 1, temperature: Number.NaN }),
      session.generate(prompt, { maxTokens: 1, temperature: 1e300 }),
      session.generate(new Int32Array(0), { maxTokens: 1 }),
      session.generate(new Int32Array(5), { maxTokens: 1 }),
    ]) {
      await expect(stream.report).rejects.toMatchObject({ name: "BrevisError", code: "invalid-input" });
    }
  });

  it("ends when it is aborted in the middle, and the session gives the same tokens afterwards", async () => {
    const session = await openFixtureSession();
    for (let i = 0; i < 5; ++i) {
      const controller = new AbortController();
      const stream = session.generate(prompt, { maxTokens: 8000, signal: controller.signal });
      await expect(
        (async () => {
          for await (const _ of stream) controller.abort();
        })(),
      ).rejects.toMatchObject({ code: "aborted" });
      expect(await readAll(session.generate(prompt, { maxTokens: 64 }))).toEqual([...goldens.continuation]);
    }
  });
});
