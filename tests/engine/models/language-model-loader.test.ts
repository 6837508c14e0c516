import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createLanguageModelLoader } from "../../../src/engine/models/language-model-loader.js";
import { loadTokenizer } from "../../../src/engine/models/load-tokenizer.js";
import type { ChatMessage, TextStream } from "../../../src/engine/types.js";
import { makeModelDirectory, makeTemporaryFolder, nativeFixture, tokenizerFixture } from "./make-model-directory.js";
import { scriptEngine } from "./scripted-engine.js";

const tokenizer = await loadTokenizer(tokenizerFixture);
const end = tokenizer.endIds.at(-1)!;
const question: ChatMessage[] = [{ role: "user", content: "Which?" }];
const maxTokens = 8;

function answering(text: string) {
  const engine = scriptEngine(() => [...tokenizer.encode(text)]);
  return { ...engine, load: createLanguageModelLoader(engine.open) };
}

async function read(stream: TextStream): Promise<string[]> {
  const pieces: string[] = [];
  for await (const text of stream) pieces.push(text);
  return pieces;
}

describe("answer", () => {
  it("gives whole characters as they come, and the report", async () => {
    const { load, generations } = answering("é👍 done");
    await using model = await load(makeModelDirectory());
    const stream = model.answer(question, { maxTokens, stopIds: [5] });
    const pieces = await read(stream);
    expect(pieces.join("")).toBe("é👍 done");
    expect(pieces.join("|")).not.toContain("\ufffd");
    expect(pieces.length).toBeGreaterThan(2);
    expect(await stream.report).toMatchObject({ finish: "stop" });
    expect(generations[0]!.prompt).toEqual([...tokenizer.encodeChat(question)]);
    expect(generations[0]!.options).toMatchObject({ maxTokens, stopIds: [...tokenizer.endIds, 5] });
    expect(generations[0]!.options.stopIds).toContain(end);
  });

  it("ends the generation when the reader leaves", async () => {
    const { load, log } = answering("one two three");
    await using model = await load(makeModelDirectory());
    for await (const _ of model.answer(question, { maxTokens })) break;
    expect(log).toContain("left early");
  });

  it("refuses a prompt beyond the context, in the loop and in the report", async () => {
    const { load } = answering("");
    await using model = await load(makeModelDirectory());
    const stream = model.answer([{ role: "user", content: "word ".repeat(300) }], { maxTokens });
    await expect(read(stream)).rejects.toMatchObject({ code: "invalid-input", message: /context of 256 tokens/ });
    await expect(stream.report).rejects.toMatchObject({ code: "invalid-input" });
  });

  it.each([
    ["no messages", []],
    ["a string", "Which?"],
    ["another role", [{ role: "tool", content: "x" }]],
    ["parts instead of text", [{ role: "user", content: [{ type: "text", text: "x" }] }]],
  ])("refuses %s", async (_, messages) => {
    const { load } = answering("");
    await using model = await load(makeModelDirectory());
    const stream = model.answer(messages as ChatMessage[], { maxTokens });
    await expect(read(stream)).rejects.toMatchObject({ code: "invalid-input", message: /^messages: / });
  });

  it("refuses a handle that was disposed of", async () => {
    const { load } = answering("");
    const model = await load(makeModelDirectory());
    await model.dispose();
    await expect(read(model.answer(question, { maxTokens }))).rejects.toThrow(/was disposed of/);
    await expect(model.useAdapter(nativeFixture("tied-gqa1", "adapter-peft"))).rejects.toThrow(/was disposed of/);
  });
});

describe("sessions", () => {
  const system = (content: string): ChatMessage => ({ role: "system", content });
  const long = (name: string) => system(`${name}: ${"keep the meaning, ".repeat(10)}`);

  it("are reused where a prompt goes on from another's beginning, and bounded in number", async () => {
    const { load, generations } = answering("yes");
    await using model = await load(makeModelDirectory());
    const ask = async (...messages: ChatMessage[]) => {
      await read(model.answer(messages, { maxTokens }));
      return generations.at(-1)!.session;
    };
    expect(await ask(long("Code"), ...question)).toBe(1);
    expect(await ask(long("Prose"), ...question)).toBe(2);
    expect(await ask(long("Code"), { role: "user", content: "Other" })).toBe(1);
    expect(await ask(long("Mixed"), ...question)).toBe(3);
    // A fourth beginning takes the session that was not used for longest.
    expect(await ask(long("Tables"), ...question)).toBe(2);
    expect(await ask(long("Code"), ...question)).toBe(1);
  });

  it("are told apart by adapters, whose caches differ", async () => {
    const { load, generations } = answering("yes");
    await using model = await load(makeModelDirectory());
    const adapter = await model.useAdapter(nativeFixture("tied-gqa1", "adapter-peft"));
    for (const adapters of [[], [adapter], [{ ...adapter, scale: 0.5 }], [{ ...adapter, scale: 1 }], []]) {
      await read(model.answer([long("Code"), ...question], { maxTokens, adapters }));
    }
    expect(generations.map(({ session }) => session)).toEqual([1, 2, 3, 2, 1]);
  });

  it("are closed with the model", async () => {
    const { load, log } = answering("yes");
    const model = await load(makeModelDirectory());
    await read(model.answer(question, { maxTokens }));
    await model.dispose();
    expect(log.slice(-2)).toEqual(["close session", "dispose"]);
  });
});

describe("models", () => {
  it("are opened once for all who load them with the same options, and closed with the last", async () => {
    const { load, open, log } = answering("");
    const directory = makeModelDirectory();
    const link = join(makeTemporaryFolder(), "link");
    symlinkSync(directory, link);
    const [first, second] = await Promise.all([load(directory), load(link, { signal: new AbortController().signal })]);
    await using other = await load(directory, { threads: 1 });
    expect(open).toHaveBeenCalledTimes(2);
    expect(other.directory).toBe(first.directory);
    await first.dispose();
    await first.dispose();
    expect(log).not.toContain("dispose");
    await second.dispose();
    expect(log).toContain("dispose");
    await (await load(directory)).dispose();
    expect(open).toHaveBeenCalledTimes(3);
  });

  it("are opened again where another took their place", async () => {
    const { load, open } = answering("");
    const directory = makeModelDirectory();
    await using _ = await load(directory);
    rmSync(directory, { recursive: true });
    await using __ = await load(makeModelDirectory(directory));
    expect(open).toHaveBeenCalledTimes(2);
  });

  it("that failed to open are tried again", async () => {
    const { load, open } = answering("");
    const directory = makeModelDirectory();
    open.mockRejectedValueOnce(new Error("no memory"));
    const both = await Promise.allSettled([load(directory), load(directory)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await using model = await load(directory);
    expect(model.info.vocabulary).toBe(2048);
  });

  it("go on opening for others when one who waits gives up, and stop when all do", async () => {
    const { load, open, log } = answering("");
    const directory = makeModelDirectory();
    const original = open.getMockImplementation()!;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    open.mockImplementation(async (path, options) => {
      await finished;
      return original(path, options);
    });
    const controllers = [new AbortController(), new AbortController()];
    const loads = controllers.map(({ signal }) => load(directory, { signal }));
    await vi.waitFor(() => expect(open).toHaveBeenCalledOnce());
    const stop = open.mock.calls[0]![1].signal!;
    controllers[0]!.abort();
    await expect(loads[0]).rejects.toMatchObject({ code: "aborted" });
    expect(stop.aborted).toBe(false);
    controllers[1]!.abort();
    await expect(loads[1]).rejects.toMatchObject({ code: "aborted" });
    expect(stop.aborted).toBe(true);
    // The engine had opened the model all the same: it does not stay open.
    finish();
    await vi.waitFor(() => expect(log).toEqual(["open", "dispose"]));
  });

  it("that were pulled are found by name", async () => {
    const { load } = answering("");
    const home = makeTemporaryFolder();
    vi.stubEnv("BREVIS_HOME", home);
    await expect(load("Owner/Model-1B")).rejects.toMatchObject({
      code: "model-missing",
      hint: "Run `brevis models pull Owner/Model-1B`.",
    });
    const directory = join(home, "models", "Owner", "Model-1B");
    mkdirSync(join(directory, ".."), { recursive: true });
    cpSync(makeModelDirectory(), directory, { recursive: true });
    await using model = await load("Owner/Model-1B");
    expect(model.directory).toBe(directory);
    vi.unstubAllEnvs();
  });

  it("that are no names or paths are refused", async () => {
    const { load } = answering("");
    for (const wrong of ["", undefined, 7]) {
      await expect(load(wrong as string)).rejects.toMatchObject({ code: "invalid-option" });
    }
  });

  it("that score words instead of writing are refused", async () => {
    const { load } = answering("");
    await expect(load(nativeFixture("keep"))).rejects.toThrow(/it is a keep model/);
  });

  it("without a tokenizer are refused before they are opened", async () => {
    const { load, open } = answering("");
    await expect(load(nativeFixture("tied-gqa1"))).rejects.toThrow(/tokenizer\.json but there is no such file/);
    expect(open).not.toHaveBeenCalled();
  });
});

describe("adapters", () => {
  it("are loaded once by directory, for all handles", async () => {
    const { load, log } = answering("");
    const directory = makeModelDirectory();
    await using first = await load(directory);
    await using second = await load(directory);
    const path = nativeFixture("tied-gqa1", "adapter-peft");
    const uses = await Promise.all([first.useAdapter(path), second.useAdapter(path)]);
    expect(uses[0]!.name).toBe(uses[1]!.name);
    await first.useAdapter(nativeFixture("tied-gqa1", "adapter-peft-rslora"));
    expect(log.filter((entry) => entry.startsWith("adapter"))).toHaveLength(2);
  });

  it("of another base are refused with both named", async () => {
    const { load } = answering("");
    await using model = await load(makeModelDirectory());
    const adapter = makeTemporaryFolder();
    cpSync(nativeFixture("mlx-q4-g32", "adapter-mlx"), adapter, { recursive: true });
    writeFileSync(
      join(adapter, "adapter_config.json"),
      JSON.stringify({ model: "Qwen/Qwen3-4B", lora_parameters: {} }),
    );
    await expect(model.useAdapter(adapter)).rejects.toThrow(
      /2 layers of hidden size 64 but .* is for a hidden size of 128\. It was trained on Qwen\/Qwen3-4B/,
    );
  });
});
