/** Engines in worker threads: several at once, and workers that end while theirs work. */
import { describe, expect, it } from "vitest";
import { hasAddon, needsAddon } from "./fixture-models.js";
import { runScript } from "./run-script.js";

/** Starts `count` workers that generate without an end in sight, and waits for a token of each. */
const startBusyWorkers = (count: number) => `
  const startBusyWorker = async () => {
    const worker = startWorker(async () => {
      const model = await openEngineModel(directory);
      const session = await model.openSession();
      for await (const token of session.generate(prompt, { maxTokens: 8000 })) parentPort.postMessage(token);
    });
    await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    return worker;
  };
  const workers = await Promise.all(Array.from({ length: ${count} }, startBusyWorker));`;

describe.skipIf(!hasAddon)(`engines in worker threads${needsAddon}`, () => {
  it.concurrent("give the same tokens everywhere, all at once", async () => {
    const run = await runScript(`
      const generate = async (directory) => {
        const model = await openEngineModel(directory);
        const session = await model.openSession();
        const tokens = [];
        for await (const token of session.generate(Int32Array.of(1, 2, 3), { maxTokens: 50 })) tokens.push(token);
        return tokens.join();
      };
      const startGenerator = () => new Promise((resolve, reject) => {
        startWorker(async () => {
          const model = await openEngineModel(directory);
          const session = await model.openSession();
          const tokens = [];
          for await (const token of session.generate(Int32Array.of(1, 2, 3), { maxTokens: 50 })) tokens.push(token);
          parentPort.postMessage(tokens.join());
        }).once("message", resolve).once("error", reject);
      });
      const answers = await Promise.all([generate(directory), ...Array.from({ length: 4 }, startGenerator)]);
      console.log(answers.length, new Set(answers).size, answers[0].split(",").length);`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "5 1 50\n", stderr: "" });
  });

  it.concurrent("are terminated in the middle of work, again and again", async () => {
    const run = await runScript(`
      for (let i = 0; i < 6; ++i) {
        ${startBusyWorkers(2)}
        const codes = await Promise.all(workers.map((worker) => worker.terminate()));
        if (codes.some((code) => code !== 1)) throw new Error("codes " + codes);
      }
      console.log("done");`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "done\n", stderr: "" });
  });

  it.concurrent("are terminated while their models are being opened", async () => {
    const run = await runScript(`
      for (let i = 0; i < 12; ++i) {
        const worker = startWorker(async () => {
          parentPort.postMessage("ready");
          while (true) await Promise.all([1, 2, 3].map(async () => (await openEngineModel(directory)).openSession()));
        });
        await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
        await new Promise((resolve) => setTimeout(resolve, i));
        await worker.terminate();
      }
      console.log("done");`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "done\n", stderr: "" });
  });

  it.concurrent("exit by themselves in the middle of work, and the main thread works on", async () => {
    const run = await runScript(`
      const model = await openEngineModel(directory);
      const worker = startWorker(async () => {
        const model = await openEngineModel(directory);
        const session = await model.openSession();
        for await (const token of session.generate(prompt, { maxTokens: 8000 })) process.exit(5);
      });
      const code = await new Promise((resolve) => worker.once("exit", resolve));
      console.log(code, (await model.logits([{ tokens: prompt }])).length);`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "5 1\n", stderr: "" });
  });

  it.concurrent("end by an exception in the middle of work", async () => {
    const run = await runScript(`
      const worker = startWorker(async () => {
        const model = await openEngineModel(directory);
        const session = await model.openSession();
        const stream = session.generate(prompt, { maxTokens: 8000 });
        setTimeout(() => { throw new Error("on purpose"); }, 10);
        for await (const token of stream);
      });
      const error = await new Promise((resolve) => worker.once("error", resolve));
      console.log(error.message);`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "on purpose\n", stderr: "" });
  });

  it.concurrent("leave the addon usable when the only thread that loaded it is gone", async () => {
    const run = await runScript(`
      ${startBusyWorkers(1)}
      await workers[0].terminate();
      const model = await openEngineModel(directory);
      console.log((await model.logits([{ tokens: prompt }])).length);
      await model.dispose();`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "1\n", stderr: "" });
  });
});
