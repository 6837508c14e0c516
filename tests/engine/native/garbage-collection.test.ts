/** The garbage collector as a backstop: what nobody can reach any more is closed. The test engine counts what is open. */
import { beforeAll, describe, expect, it } from "vitest";
import { runScript } from "./run-script.js";
import { buildTestEngine, hasTestEngine, needsTestEngine, useFolder } from "./test-engine.js";

const folder = useFolder();
let library = "";
beforeAll(() => {
  if (hasTestEngine) library = buildTestEngine(folder.path);
});

const counting = `
const open = () => openEngineModel("/nowhere/model", { engine: "mlx" });
const witness = await open();
const count = async () => (await witness.logits([{ tokens: prompt }]))[0].slice(0, 2).join();
/** Collects until the counts of open models and sessions are as expected, or will never be. */
const collectUntil = async (expected) => {
  let counts = "";
  for (let i = 0; i < 200 && counts !== expected; ++i) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
    counts = await count();
  }
  console.log(counts);
};
`;

function runCounting(body: string) {
  return runScript(counting + body, { flags: ["--expose-gc"], env: { BREVIS_MLX_LIBRARY: library } });
}

describe.skipIf(!hasTestEngine)(`what becomes unreachable${needsTestEngine}`, () => {
  it("is closed: models", async () => {
    const run = await runCounting(`
      await (async () => {
        const models = await Promise.all(Array.from({ length: 20 }, open));
        console.log(await count(), models.length);
      })();
      await collectUntil("1,0");`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "21,0 20\n1,0\n", stderr: "" });
  });

  it("is closed: sessions of a model that stays", async () => {
    const run = await runCounting(`
      const model = await open();
      await (async () => {
        const sessions = await Promise.all(Array.from({ length: 20 }, () => model.openSession()));
        for await (const token of sessions[0].generate(Int32Array.of(0), { maxTokens: 3 }));
        console.log(await count());
      })();
      await collectUntil("2,0");
      await model.dispose();`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "2,20\n2,0\n", stderr: "" });
  });

  it("is closed only when its sessions are unreachable too", async () => {
    const run = await runCounting(`
      let session = await (await open()).openSession();
      for (let i = 0; i < 10; ++i) {
        gc();
        await turnEventLoop();
      }
      const tokens = [];
      for await (const token of session.generate(Int32Array.of(0), { maxTokens: 3 })) tokens.push(token);
      console.log(tokens.join(), await count());
      session = undefined;
      await collectUntil("1,0");`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "1,2,3 2,1\n1,0\n", stderr: "" });
  });

  it("is closed after the calls that it has", async () => {
    const run = await runCounting(`
      const calls = [];
      await (async () => {
        const model = await open();
        const session = await model.openSession();
        // Fewer than may wait, however slow the engine is.
        for (let i = 0; i < 25; ++i) {
          calls.push(model.keep([{ tokens: Int32Array.of(0) }]));
          calls.push(session.generate(Int32Array.of(0), { maxTokens: 100 }).report);
        }
      })();
      gc();
      await turnEventLoop();
      gc();
      console.log((await Promise.all(calls)).length);
      await collectUntil("1,0");`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "50\n1,0\n", stderr: "" });
  });

  it("was closed by hand before: nothing more happens", async () => {
    const run = await runCounting(`
      await (async () => {
        const model = await open();
        const session = await model.openSession();
        await session.dispose();
        await model.dispose();
      })();
      for (let i = 0; i < 10; ++i) {
        gc();
        await turnEventLoop();
      }
      await collectUntil("1,0");`);
    expect(run).toEqual({ code: 0, signal: null, stdout: "1,0\n", stderr: "" });
  });
});
