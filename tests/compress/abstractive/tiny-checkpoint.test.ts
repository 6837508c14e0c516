/** The whole way on the CPU engine, with a tiny random Qwen3: what it writes means nothing, and the guard has to see that. */
import { describe, expect, it } from "vitest";
import { loadAddon } from "../../../src/engine/native/load-addon.js";
import { compress, createCompressor, loadModel } from "../../../src/index.js";
import { makeModelDirectory, nativeFixture } from "../../engine/models/make-model-directory.js";

const notes =
  `${"It was said in the meeting that the old house on the hill would be sold to somebody from far away. ".repeat(12)}\n\n`.repeat(
    2,
  );
const mode = "abstractive";
const engine = "cpu";

describe.skipIf(!loadAddon().loaded)("mode abstractive on a random model", () => {
  it("gives the extractive text, the same each time, named by directory or loaded", async () => {
    const directory = makeModelDirectory();
    const named = await compress(notes, { mode, engine, model: directory });
    expect(named.decision).toBe("compressed");
    expect(named.warnings).toMatchObject([{ code: "rewrite-rejected" }]);
    expect(named.warnings[0]!.message).not.toContain("too long for the model");
    await using model = await loadModel(directory, { engine });
    const loaded = await compress(notes, { mode, model, adapter: nativeFixture("tied-gqa1", "adapter-peft") });
    expect({ ...loaded, timings: {}, warnings: [] }).toEqual({ ...named, timings: {}, warnings: [] });
  });

  it("keeps a compressor's model open until it is disposed of", async () => {
    const compressor = createCompressor({ mode, engine, model: makeModelDirectory() });
    const [first, second] = await Promise.all([compressor.compress(notes), compressor.compress(notes)]);
    expect(second.text).toBe(first.text);
    let streamed = "";
    for await (const piece of compressor.compressStream(notes)) streamed += piece;
    expect(streamed).toBe(first.text);
    const { messages } = await compressor.compressMessages([{ role: "user", content: notes }]);
    expect(messages).toEqual([{ role: "user", content: first.text }]);
    await compressor.dispose();
    await compressor.dispose();
    await expect(compressor.compress(notes)).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("waits for the calls that run before it closes their model", async () => {
    const compressor = createCompressor({ mode, engine, model: makeModelDirectory() });
    const running = compressor.compress(notes);
    await compressor.dispose();
    expect((await running).decision).toBe("compressed");
  });

  it("tries again to load what could not be loaded", async () => {
    await using compressor = createCompressor({ mode, engine, model: "./nowhere" });
    await expect(compressor.compress(notes)).rejects.toMatchObject({ code: "model-missing" });
    await expect(compressor.compress(notes)).rejects.toMatchObject({ code: "model-missing" });
  });

  it("refuses an adapter that does not fit", async () => {
    const adapter = nativeFixture("mlx-q4-g32", "adapter-mlx");
    await expect(compress(notes, { mode, engine, model: makeModelDirectory(), adapter })).rejects.toMatchObject({
      code: expect.stringMatching(/^model-/u),
    });
  });
});
