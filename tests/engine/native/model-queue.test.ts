/** The model's queue and its calls' ends, on an engine whose calls last until a test lets them go. */
import { describe, expect, it } from "vitest";
import type { EngineModel } from "../../../src/engine/types.js";
import { command, hasTestEngine, needsTestEngine, readCounts, useTestEngine } from "./test-engine.js";

const engine = useTestEngine();
const [done, untilCancelled, untilGate] = [command(0), command(1), command(2)];

/** True once a promise has settled, without waiting for it. */
function watch(promise: Promise<unknown>): { settled: boolean } {
  const state = { settled: false };
  promise.then(
    () => {
      state.settled = true;
    },
    () => {
      state.settled = true;
    },
  );
  return state;
}

/** Lets everything that is due on the JavaScript thread run. */
function turnEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function abortsFor(promise: Promise<unknown>, reason: unknown): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: "BrevisError", code: "aborted", cause: reason });
}

describe.skipIf(!hasTestEngine)(`the queue of a model${needsTestEngine}`, () => {
  it("runs calls one after the other, in the order in which they came", async () => {
    const model = await engine.open();
    const order: number[] = [];
    const first = model.keep(untilGate).then(() => order.push(1));
    const rest = [2, 3, 4, 5].map((place) => model.keep(done).then(() => order.push(place)));
    await turnEventLoop();
    expect(order).toEqual([]);
    engine.openGate();
    await Promise.all([first, ...rest]);
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it("refuses at once what is beyond its limit, and takes calls again when there is room", async () => {
    const model = await engine.open({ queueLimit: 2 });
    const running = model.keep(untilGate);
    const waiting = [model.keep(done), model.loadAdapter("a", ".")];
    for (const refused of [model.keep(done), model.logits(done), model.openSession()]) {
      await expect(refused).rejects.toMatchObject({ code: "overloaded", hint: expect.stringContaining("queueLimit") });
    }
    engine.openGate();
    await Promise.all([running, ...waiting]);
    await expect(model.keep(done)).resolves.toHaveLength(1);
  });

  it("takes the next call as soon as one has settled, with a limit of none", async () => {
    const model = await engine.open({ queueLimit: 0 });
    for (let i = 0; i < 200; ++i) await model.keep(done);
    const running = model.keep(untilGate);
    await expect(model.keep(done)).rejects.toMatchObject({ code: "overloaded" });
    engine.openGate();
    await running;
  });

  it("keeps the JavaScript thread free while a call runs", async () => {
    const model = await engine.open();
    const running = watch(model.keep(untilGate));
    for (let i = 0; i < 100; ++i) await turnEventLoop();
    expect(running.settled).toBe(false);
    engine.openGate();
  });

  it("gives each model a thread of its own", async () => {
    const [slow, quick] = [await engine.open({ name: "slow" }), await engine.open({ name: "quick" })];
    const running = watch(slow.keep(untilGate));
    await quick.keep(done);
    expect(running.settled).toBe(false);
    engine.openGate("slow");
  });
});

describe.skipIf(!hasTestEngine)(`a signal${needsTestEngine}`, () => {
  it("that has fired before keeps the call from starting", async () => {
    const model = await engine.open();
    const { calls } = await readCounts(model);
    const signal = AbortSignal.abort("before");
    await abortsFor(model.keep(done, { signal }), "before");
    await abortsFor(model.logits(done, { signal }), "before");
    await abortsFor(model.loadAdapter("a", ".", { signal }), "before");
    await abortsFor(engine.open({ signal, name: "other" }), "before");
    expect((await readCounts(model)).calls).toBe(calls);
  });

  it("takes a call that waits out of the queue at once", async () => {
    const model = await engine.open({ queueLimit: 1 });
    const running = model.keep(untilGate);
    const controller = new AbortController();
    const waiting = model.keep(done, { signal: controller.signal });
    controller.abort("while waiting");
    await abortsFor(waiting, "while waiting");
    // Its place is free again although the first call still runs.
    const next = model.keep(done);
    engine.openGate();
    await Promise.all([running, next]);
    expect((await readCounts(model)).calls).toBeGreaterThanOrEqual(2);
  });

  it("ends a call that runs, and the model goes on", async () => {
    const model = await engine.open();
    const controller = new AbortController();
    const running = model.keep(untilCancelled, { signal: controller.signal });
    const next = model.keep(done);
    await turnEventLoop();
    controller.abort("while running");
    await abortsFor(running, "while running");
    await expect(next).resolves.toHaveLength(1);
  });

  it("ends the opening of a model", async () => {
    const controller = new AbortController();
    const opening = engine.open({ name: "blocks", signal: controller.signal });
    await turnEventLoop();
    controller.abort("while opening");
    await abortsFor(opening, "while opening");
  });

  it("that fires after the engine's answer but before the caller has it still aborts, and leaves no model open", async () => {
    const witness = await engine.open({ name: "witness" });
    const before = await readCounts(witness);
    const controller = new AbortController();
    const opening = engine.open({ name: "late", signal: controller.signal });
    // Holds the JavaScript thread until the model is open, so that its answer waits behind this code.
    blockThread(20);
    controller.abort("late");
    await abortsFor(opening, "late");
    expect(await readCounts(witness)).toMatchObject({ models: before.models });
  });

  it("leaves no listener behind", async () => {
    const model = await engine.open();
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners++;
      add(...parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners--;
      remove(...parameters);
    };
    for (let i = 0; i < 5; ++i) await model.keep(done, { signal });
    await expect(model.keep(command(19), { signal })).rejects.toMatchObject({ code: "engine-failed" });
    expect(listeners).toBe(0);
  });
});

/** Waits without giving the event loop a turn. */
function blockThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

describe.skipIf(!hasTestEngine)(`statuses of an engine${needsTestEngine}`, () => {
  it.each([
    [1, "invalid-input"],
    [2, "model-missing"],
    [3, "model-invalid"],
    [4, "model-invalid"],
    [5, "model-invalid"],
    [6, "aborted"],
    [7, "engine-failed"],
    [8, "engine-failed"],
    [9, "engine-failed"],
    [77, "engine-failed"],
  ])("become errors with the engine's whole message: %i", async (status, code) => {
    const message = `status ${status} of the test engine`;
    const model = await engine.open();
    await expect(model.keep(command(10 + status))).rejects.toMatchObject({ name: "BrevisError", code, message });
    await expect(engine.open({ name: `status-${status}` })).rejects.toMatchObject({
      name: "BrevisError",
      code,
      message,
    });
    await expect(model.keep(done)).resolves.toHaveLength(1);
  });
});

describe.skipIf(!hasTestEngine)(`dispose()${needsTestEngine}`, () => {
  const closed = { name: "BrevisError", code: "invalid-input", message: expect.stringContaining("closed") };

  it("waits for the call that runs and refuses those that wait", async () => {
    const model = await engine.open();
    const running = model.keep(untilGate);
    const waiting = model.keep(done);
    const disposing = model.dispose();
    const state = watch(disposing);
    await expect(waiting).rejects.toMatchObject({ code: "aborted", message: expect.stringContaining("closed") });
    expect(state.settled).toBe(false);
    engine.openGate();
    await expect(running).resolves.toHaveLength(1);
    await disposing;
  });

  it("may be called again, at any time", async () => {
    const model = await engine.open();
    const running = model.keep(untilGate);
    const disposals = [model.dispose(), model.dispose(), model[Symbol.asyncDispose]()];
    engine.openGate();
    await Promise.all([running, ...disposals]);
    await model.dispose();
  });

  it("frees the model and its sessions", async () => {
    const witness = await engine.open({ name: "witness" });
    const before = await readCounts(witness);
    const model = await engine.open();
    await model.openSession();
    const session = await model.openSession();
    expect(await readCounts(witness)).toMatchObject({ models: before.models + 1, sessions: before.sessions + 2 });
    await session.dispose();
    expect(await readCounts(witness)).toMatchObject({ sessions: before.sessions + 1 });
    await model.dispose();
    expect(await readCounts(witness)).toMatchObject({ models: before.models, sessions: before.sessions });
  });

  it("is followed by refusals, of every call", async () => {
    const model = await engine.open();
    const session = await model.openSession();
    await model.dispose();
    await refuseEverything(model);
    await expect(session.generate(Int32Array.of(0), { maxTokens: 1 }).report).rejects.toMatchObject(closed);
    await session.dispose();
    await session.dispose();
  });

  it("refuses new calls already while it waits", async () => {
    const model = await engine.open();
    const running = model.keep(untilGate);
    const disposing = model.dispose();
    await refuseEverything(model);
    engine.openGate();
    await Promise.all([running, disposing]);
  });

  it("of a session refuses its generations that wait, and no others", async () => {
    const model = await engine.open();
    const [session, other] = [await model.openSession(), await model.openSession()];
    const running = session.generate(Int32Array.of(4), { maxTokens: 6 });
    const waiting = session.generate(Int32Array.of(0), { maxTokens: 1 });
    const others = other.generate(Int32Array.of(0), { maxTokens: 1 });
    const disposing = session.dispose();
    await expect(waiting.report).rejects.toMatchObject({ code: "aborted" });
    expect(() => session.generate(Int32Array.of(0), { maxTokens: 1 })).not.toThrow();
    await expect(session.generate(Int32Array.of(0), { maxTokens: 1 }).report).rejects.toMatchObject(closed);
    engine.openGate();
    await expect(running.report).resolves.toMatchObject({ generatedTokens: 6 });
    await expect(others.report).resolves.toMatchObject({ generatedTokens: 1 });
    await disposing;
  });

  async function refuseEverything(model: EngineModel): Promise<void> {
    for (const call of [
      model.keep(done),
      model.logits(done),
      model.loadAdapter("a", "."),
      model.dropAdapter("a"),
      model.openSession(),
    ]) {
      await expect(call).rejects.toMatchObject(closed);
    }
  }
});
