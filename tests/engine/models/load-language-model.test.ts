/** The whole way on the CPU engine: a tiny random Qwen3, whose answers mean nothing and are always the same. */
import { describe, expect, it } from "vitest";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import { type ChatMessage, loadModel, type TextStream } from "../../../src/index.js";
import { hasAddon, needsAddon } from "../native/fixture-models.js";
import { makeModelDirectory, nativeFixture } from "./make-model-directory.js";

const messages: ChatMessage[] = [
  { role: "system", content: "You write fewer words, and keep every number, name and path as it is." },
  { role: "user", content: "The build failed after 12 minutes in /var/log/build.log." },
];
const engine = "cpu";
const maxTokens = 24;

async function readText(stream: TextStream): Promise<string> {
  let text = "";
  for await (const piece of stream) text += piece;
  return text;
}

describe.skipIf(!hasAddon)(`loadModel${needsAddon}`, () => {
  it("answers as the engine does with the same prompt, token by token", async () => {
    const directory = makeModelDirectory();
    await using model = await loadModel(directory, { engine });
    const stream = model.answer(messages, { maxTokens });
    const text = await readText(stream);
    expect(await stream.report).toMatchObject({ finish: "length", generatedTokens: maxTokens });

    await using bare = await openEngineModel(directory, { engine });
    await using session = await bare.openSession();
    const ids: number[] = [];
    const stopIds = model.tokenizer.endIds;
    for await (const id of session.generate(model.tokenizer.encodeChat(messages), { maxTokens, stopIds })) ids.push(id);
    const decoder = ids.filter((id) => id < 2041 || id > 2043);
    expect(text).toBe(model.tokenizer.decode(decoder));
    expect(ids).toHaveLength(maxTokens);
  });

  it("computes a shared beginning once", async () => {
    await using model = await loadModel(makeModelDirectory(), { engine });
    await readText(model.answer(messages, { maxTokens }));
    const other: ChatMessage[] = [messages[0]!, { role: "user", content: "Another question." }];
    const stream = model.answer(other, { maxTokens });
    await readText(stream);
    const [first, second] = [messages, other].map((each) => model.tokenizer.encodeChat(each));
    const shared = first!.findIndex((id, at) => id !== second![at]);
    expect(shared).toBeGreaterThan(20);
    expect(await stream.report).toMatchObject({ promptTokens: second!.length, reusedTokens: shared });
  });

  it("gives the same answer whatever was asked before", async () => {
    const directory = makeModelDirectory();
    await using model = await loadModel(directory, { engine });
    const first = await readText(model.answer(messages, { maxTokens }));
    await Promise.all(
      ["a", "b", "c", "d"].map((content) => readText(model.answer([{ role: "user", content }], { maxTokens }))),
    );
    expect(await readText(model.answer(messages, { maxTokens }))).toBe(first);
  });

  it("answers with an adapter, at any scale, and without it again", async () => {
    await using model = await loadModel(makeModelDirectory(), { engine });
    const adapter = await model.useAdapter(nativeFixture("tied-gqa1", "adapter-peft"));
    const ask = (scale?: number) => {
      const adapters = scale === undefined ? [] : [{ ...adapter, scale }];
      return readText(model.answer(messages, { maxTokens, adapters }));
    };
    const plain = await ask();
    expect(await ask(1)).not.toBe(plain);
    expect(await ask(0)).toBe(plain);
    expect(await ask()).toBe(plain);
  });

  it("ends an answer when its signal fires, and when its reader leaves", async () => {
    await using model = await loadModel(makeModelDirectory(), { engine });
    const controller = new AbortController();
    const stream = model.answer(messages, { maxTokens: 5000, signal: controller.signal });
    await expect(
      (async () => {
        for await (const _ of stream) controller.abort();
      })(),
    ).rejects.toMatchObject({ code: "aborted" });
    const left = model.answer(messages, { maxTokens: 5000 });
    for await (const _ of left) break;
    expect(await left.report).toMatchObject({ finish: "callback" });
  });

  it("refuses sampling that makes no sense, in the loop", async () => {
    await using model = await loadModel(makeModelDirectory(), { engine });
    await expect(readText(model.answer(messages, { maxTokens: 0 }))).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("says which engine is not there", async () => {
    await expect(loadModel(makeModelDirectory(), { engine: "none" })).rejects.toMatchObject({ code: "model-missing" });
  });
});
