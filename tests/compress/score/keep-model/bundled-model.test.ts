import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { foldWord } from "../../../../src/compress/score/keep-model/encode-words.js";
import { findModelWords } from "../../../../src/compress/score/keep-model/find-model-words.js";
import { outputCount } from "../../../../src/compress/score/keep-model/model-outputs.js";
import {
  bundledModelDirectory,
  bundledModelName,
  openKeepModel,
} from "../../../../src/compress/score/keep-model/open-keep-model.js";
import { modelFeatures } from "../../../../src/compress/score/keep-model/read-word-features.js";
import { scoreTexts } from "../../../../src/compress/score/keep-model/score-texts.js";
import { loadTokenizer } from "../../../../src/engine/models/load-tokenizer.js";
import { listEngines } from "../../../../src/engine/native/choose-engine.js";

interface Golden {
  readonly text: string;
  readonly kind: string;
  /** By Hugging Face's tokenizers. */
  readonly ids: readonly number[];
  /** By torch in float32 from the weights as they are quantized, `[words, outputCount]`. */
  readonly logits: readonly number[];
}

const goldens: Golden[] = JSON.parse(readFileSync("tests/fixtures/keep-model/goldens.json", "utf8"));
const directory = bundledModelDirectory();
const hasEngine = listEngines().engines.some(({ name, available }) => name === "cpu" && available);

test("all bundled weights together have at most 12 MB", () => {
  const bytes = ["model.safetensors", "tokenizer.json", "config.json"].map(
    (name) => statSync(join(directory, name)).size,
  );
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(12e6);
});

test("the features of config.json are those that are read, in order", () => {
  const config = JSON.parse(readFileSync(join(directory, "config.json"), "utf8"));
  expect(config.brevis).toEqual({ task: "keep", outputs: outputCount, features: modelFeatures });
});

test("word by word, the tokens are those of Hugging Face's tokenizers for the whole text", async () => {
  const tokenizer = await loadTokenizer(directory);
  for (const { text, ids } of goldens) {
    expect([...tokenizer.encode(text)]).toEqual(ids);
    const tokens = findModelWords(text).flatMap((word) => [...tokenizer.encode(foldWord(text, word))]);
    expect(tokens).toEqual(ids);
  }
});

const opened = hasEngine ? openKeepModel(bundledModelName, "cpu") : undefined;
afterAll(async () => (await opened)?.engine.dispose());

test.runIf(hasEngine)("the engine says what torch says, within what 8-bit activations cost", async () => {
  const model = await opened!;
  const texts = goldens.map(({ text, kind }) => ({ text, kind, tenths: 5 }));
  const scored = await scoreTexts(model, texts);
  scored.forEach(({ logits }, at) => {
    const wanted = goldens[at]!.logits;
    expect(logits).toHaveLength(wanted.length);
    const largest = logits.reduce((most, logit, index) => Math.max(most, Math.abs(logit - wanted[index]!)), 0);
    expect(largest).toBeLessThan(0.35);
    const mean = logits.reduce((sum, logit, index) => sum + Math.abs(logit - wanted[index]!), 0) / wanted.length;
    expect(mean).toBeLessThan(0.05);
  });
});

test.runIf(hasEngine)(
  "a text's scores do not depend on what is scored beside it, nor on what was scored before",
  async () => {
    const model = await opened!;
    const texts = goldens.map(({ text, kind }) => ({ text: `${text}\nAlone.`, kind, tenths: 3 }));
    const alone = [];
    for (const text of texts.toReversed()) alone.unshift((await scoreTexts(model, [text]))[0]!);
    // Under another name nothing of the model is remembered.
    const cold = await openKeepModel(directory, "cpu");
    expect(await scoreTexts(cold, texts)).toEqual(alone);
    await cold.engine.dispose();
    expect(await scoreTexts(model, texts)).toEqual(alone);
  },
);
