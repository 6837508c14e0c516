/** Adapters in GGUF, as llama.cpp reads them: where bench/engine-peers has it, it writes the tokens that the CPU engine writes. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { versionOfPeer } from "../../bench/src/engine-peers/peers-project.js";
import { loadTokenizer } from "../../src/engine/models/load-tokenizer.js";
import { openEngineModel } from "../../src/engine/native/open-engine-model.js";
import { findPython } from "../../src/train/python-environment.js";
import { runBrevis } from "../cli/run-brevis.js";
import { makeModelDirectory, makeTemporaryFolder, nativeFixture } from "../engine/models/make-model-directory.js";
import { hasAddon } from "../engine/native/fixture-models.js";
import { makeRun } from "./make-run.js";
import { useTestHome } from "./prepare-training.js";

const llama = join(import.meta.dirname, "../../bench/engine-peers/node_modules/node-llama-cpp/dist/index.js");
const prompt = [3, 99, 12, 7, 104, 64, 150, 5];
const count = 24;

let python: string;
let missing: string | undefined;

beforeAll(async () => {
  useTestHome();
  try {
    python = await findPython("gguf");
  } catch (error) {
    missing = (error as Error).message;
    console.log(`skipped: export to GGUF, because ${missing}`);
  }
  if (versionOfPeer("node-llama-cpp") === undefined)
    console.log(
      "skipped: llama.cpp, because bench/engine-peers has no node-llama-cpp (`npm run bench:peers` installs it)",
    );
}, 600_000);

/** What the CPU engine writes with the adapter. */
async function writeByEngine(model: string, adapter: string): Promise<number[]> {
  await using opened = await openEngineModel(model, { engine: "cpu", activations: "float" });
  await opened.loadAdapter("trained", adapter);
  await using session = await opened.openSession();
  const tokens: number[] = [];
  const options = { maxTokens: count, adapters: [{ name: "trained" }] };
  for await (const id of session.generate(Int32Array.from(prompt), options)) tokens.push(id);
  return tokens;
}

interface LlamaAnswer {
  readonly tokens: number[];
  readonly text: number[];
  readonly architecture: string;
}

function askLlama(path: string): LlamaAnswer {
  const script = join(import.meta.dirname, "ask-llama.js");
  const printed = execFileSync(process.execPath, [script, llama, path, JSON.stringify(prompt), String(count)]);
  return JSON.parse(printed.toString("utf8").trim().split("\n").at(-1)!);
}

/** A checkpoint that MLX quantized to four bits, with a tokenizer of made-up names. */
function makeQuantizedModel(): string {
  const model = makeTemporaryFolder();
  cpSync(nativeFixture("mlx-q4-g32"), model, { recursive: true });
  const vocab = Object.fromEntries(Array.from({ length: 198 }, (_, id) => [`<${id}>`, id]));
  writeFileSync(
    join(model, "tokenizer.json"),
    JSON.stringify({ model: { type: "BPE", vocab, merges: [["<", "0"]] }, added_tokens: [] }),
  );
  return model;
}

/** A few facts of a GGUF file, read by the library that defines the format. */
function readGguf(path: string): { types: Record<string, string>; metadata: string[] } {
  const script = `import json, sys
from gguf import GGUFReader
file = GGUFReader(sys.argv[1])
print(json.dumps({"types": {t.name: t.tensor_type.name for t in file.tensors}, "metadata": list(file.fields)}))`;
  return JSON.parse(execFileSync(python, ["-c", script, path], { encoding: "utf8" }));
}

describe("models export --gguf", () => {
  it.each(["f16", "q8_0"] as const)(
    "merges PEFT's adapter of a run into its base, as %s",
    async (type) => {
      if (missing !== undefined) return;
      const model = makeModelDirectory();
      const adapter = nativeFixture("tied-gqa1", "adapter-peft-rslora");
      const { folder } = makeRun(makeTemporaryFolder(), { model, adapter, test: [] });
      const output = join(makeTemporaryFolder(), "out.gguf");
      const { code, stdout, stderr } = await runBrevis(["models", "export", folder, "--gguf", output, "--type", type]);
      expect([code, stdout, stderr]).toEqual([0, `${output}\n`, ""]);
      const { types, metadata } = readGguf(output);
      expect(types["blk.1.attn_v.weight"]).toBe(type.toUpperCase());
      expect([types["blk.1.attn_q_norm.weight"], types["output.weight"]]).toEqual(["F32", undefined]);
      expect(metadata).toEqual(expect.arrayContaining(["tokenizer.chat_template", "tokenizer.ggml.eos_token_id"]));
      if (!hasAddon || !existsSync(llama)) return;
      const { tokens, text, architecture } = askLlama(output);
      expect(architecture).toBe("qwen3");
      const { encode } = await loadTokenizer(model);
      expect(text).toEqual([...encode("Keep the numbers: 1,024 and naïve words.")]);
      const expected = await writeByEngine(model, adapter);
      // Eight bits a weight are another model: the first tokens are the same, the last need not be.
      const compared = type === "f16" ? count : 4;
      expect(tokens.slice(0, compared)).toEqual(expected.slice(0, compared));
      expect(expected).not.toEqual(await writeByEngine(model, nativeFixture("tied-gqa1", "adapter-peft")));
    },
    120_000,
  );

  it("merges mlx-lm's adapter into a base that MLX quantized", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const model = makeQuantizedModel();
    const adapter = nativeFixture("mlx-q4-g32", "adapter-mlx");
    const output = join(makeTemporaryFolder(), "out.gguf");
    const run = (...more: string[]) => runBrevis(["models", "export", adapter, "--gguf", output, ...more]);
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining("Name it with --model") });
    expect((await run("--model", model)).code).toBe(0);
    expect(readGguf(output).types["blk.0.ffn_gate.weight"]).toBe("F16");
    if (!hasAddon || !existsSync(llama)) return;
    // Weights rounded to sixteen bits: two tokens that are as likely as each other may change places after a while.
    expect(askLlama(output).tokens.slice(0, 8)).toEqual((await writeByEngine(model, adapter)).slice(0, 8));
  }, 120_000);

  it("leaves nothing behind where it fails", async ({ skip }) => {
    if (missing !== undefined) skip(missing);
    const folder = makeTemporaryFolder();
    const output = join(folder, "out.gguf");
    const adapter = nativeFixture("mlx-q4-g32", "adapter-mlx");
    const given = ["models", "export", adapter, "--model", makeModelDirectory(), "--gguf", output];
    const wrong = await runBrevis(given);
    expect([wrong.code, wrong.stderr]).toEqual([
      3,
      expect.stringMatching(/exporter ended: .*shapes|Expected an adapter of/u),
    ]);
    expect(readdirSync(folder)).toEqual([]);
    const nowhere = await runBrevis([...given.slice(0, -1), join(folder, "no", "out.gguf")]);
    expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining("its folder does not exist")]);
  }, 120_000);
});
