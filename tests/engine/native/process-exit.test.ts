/** The process ends while an engine works: it ends at once, with the code it was given, and without a word. */
import { beforeAll, describe, expect, it } from "vitest";
import { hasAddon, needsAddon } from "./fixture-models.js";
import { runScript } from "./run-script.js";
import { buildTestEngine, hasTestEngine, needsTestEngine, useFolder } from "./test-engine.js";

/** Crashes at exit come and go with the threads' timing: SOAK=1 looks for rare ones. */
const repeats = process.env.SOAK ? 25 : 2;

/** What is under way; each ends with the engine at work, which would last seconds more. */
const works = {
  "a stream that is read": `
    const model = await openEngineModel(directory);
    const session = await model.openSession();
    const stream = session.generate(prompt, { maxTokens: 8000 });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    iterator.next();`,
  "a long prompt, and calls that wait": `
    const model = await openEngineModel(directory);
    const calls = Array.from({ length: 3 }, () => model.logits([{ tokens: new Int32Array(3000) }]));
    const session = await Promise.race([model.openSession().catch(() => {}), turnEventLoop()]);
    for (let i = 0; i < 5; ++i) await turnEventLoop();`,
  "models that are being opened and closed": `
    const openAndClose = async () => {
      while (true) await (await openEngineModel(directory)).dispose();
    };
    for (let i = 0; i < 4; ++i) openAndClose();
    await new Promise((resolve) => setTimeout(resolve, 20));`,
  workers: `
    const workers = Array.from({ length: 2 }, () => startWorker(async () => {
      const model = await openEngineModel(directory);
      const session = await model.openSession();
      for await (const token of session.generate(prompt, { maxTokens: 8000 })) parentPort.postMessage(token);
    }));
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("message", resolve))));`,
};

const ways = [
  ["process.exit()", "process.exit(7);", 7],
  ["process.exit() in a callback", "setTimeout(() => process.exit(7), 1); await new Promise(() => {});", 7],
  ["an uncaught exception", 'setTimeout(() => { throw new Error("on purpose"); }, 1); await new Promise(() => {});', 1],
  ["an unhandled rejection", 'Promise.reject(new Error("on purpose")); await new Promise(() => {});', 1],
] as const;

const cases = Object.entries(works).flatMap(([work, script]) =>
  ways.map(([way, end, code]) => [way, work, `${script}\n${end}`, code] as const),
);

describe.skipIf(!hasAddon)(`a process that ends while an engine works${needsAddon}`, () => {
  it.concurrent.each(cases)("%s, with %s", async (_way, _work, script, code) => {
    for (let i = 0; i < repeats; ++i) {
      const run = await runScript(script);
      expect(run).toMatchObject({ code, signal: null, stdout: "" });
      expect(run.stderr).not.toMatch(/terminate called|FATAL|Assertion|fault/);
      if (code === 7) expect(run.stderr).toBe("");
      else expect(run.stderr).toContain("on purpose");
    }
  });

  it.concurrent("ends by itself when nobody waits for an open stream, after its last token", async () => {
    const script = `
      const model = await openEngineModel(directory);
      const session = await model.openSession();
      const stream = session.generate(prompt, { maxTokens: 300 });
      stream.report.then(({ generatedTokens }) => console.log(generatedTokens));`;
    for (let i = 0; i < repeats; ++i) {
      expect(await runScript(script)).toEqual({ code: 0, signal: null, stdout: "300\n", stderr: "" });
    }
  });

  it.concurrent("ends by itself with models and sessions open and idle", async () => {
    const script = `
      const models = await Promise.all([1, 2, 3].map(() => openEngineModel(directory)));
      const session = await models[0].openSession();
      globalThis.kept = [models, session];
      console.log("done");`;
    for (let i = 0; i < repeats; ++i) {
      expect(await runScript(script)).toEqual({ code: 0, signal: null, stdout: "done\n", stderr: "" });
    }
  });

  it.concurrent("ends from within a loop over tokens", async () => {
    const script = `
      const model = await openEngineModel(directory);
      const session = await model.openSession();
      for await (const token of session.generate(prompt, { maxTokens: 8000 })) process.exit(7);`;
    for (let i = 0; i < repeats; ++i) {
      expect(await runScript(script)).toEqual({ code: 7, signal: null, stdout: "", stderr: "" });
    }
  });
});

describe.skipIf(!hasTestEngine)(`an engine whose static objects exit() destroys${needsTestEngine}`, () => {
  const folder = useFolder();
  let library = "";
  beforeAll(() => {
    library = buildTestEngine(folder.path);
  });

  it.each([
    ["a call", "model.keep([{ tokens: Int32Array.of(1) }]);"],
    ["a generation", "(await model.openSession()).generate(Int32Array.of(1), { maxTokens: 9 });"],
    ["the opening of another model", 'openEngineModel("/nowhere/blocks", { engine: "mlx" });'],
  ])("no longer works when they go: %s", async (_, work) => {
    const script = `
      const model = await openEngineModel("/nowhere/model", { engine: "mlx" });
      ${work}
      await new Promise((resolve) => setTimeout(resolve, 10));
      process.exit(7);`;
    const run = await runScript(script, { env: { BREVIS_MLX_LIBRARY: library } });
    expect(run).toEqual({ code: 7, signal: null, stdout: "", stderr: "" });
  });
});
