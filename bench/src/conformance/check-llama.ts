import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LlamaModel, loadLlamaModel, readLlamaLogits } from "../engine-peers/open-llama.js";
import { type ConformanceCheck, largestDifference, type OpenModel } from "./check-model.js";
import { readGoldens } from "./read-goldens.js";
import { writeFixtureAsGguf } from "./write-fixture-as-gguf.js";

/** Float32 fixtures that llama.cpp reads as GGUF. */
const models = ["tied-gqa1", "untied-gqa2", "tied-gqa4"];
const bound = 1e-4;

/** The second oracle: llama.cpp's logits of the same weights, against the goldens and against each engine. */
export async function checkAgainstLlama(
  fixtures: string,
  engines: ReadonlyMap<string, OpenModel>,
): Promise<{ engine: string; check: ConformanceCheck }[]> {
  const folder = mkdtempSync(join(tmpdir(), "brevis-gguf-"));
  try {
    const found = [];
    for (const name of models) {
      const path = join(folder, `${name}.gguf`);
      const { vocabulary } = writeFixtureAsGguf(join(fixtures, name), path);
      const { model, close } = await loadLlamaModel(path);
      found.push(...(await checkFixture(join(fixtures, name), name, model, vocabulary, engines)));
      await close();
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function checkFixture(
  directory: string,
  name: string,
  llama: LlamaModel,
  vocabulary: number,
  engines: ReadonlyMap<string, OpenModel>,
) {
  const { sequences, logits } = readGoldens(directory);
  const [{ tokens }] = sequences as [{ tokens: Int32Array }];
  const expected = await readLlamaLogits(llama, tokens, vocabulary);
  const judge = (engine: string, what: string, actual: Float32Array) => {
    const difference = largestDifference(actual, expected);
    return {
      engine,
      check: { oracle: "llama.cpp", model: name, what, difference, bound, passed: difference <= bound },
    };
  };
  const found = [judge("goldens", "logits", logits.subarray(0, expected.length))];
  for (const [engine, open] of engines) {
    const model = await open(directory, { activations: "float" });
    const [actual] = await model.logits([{ tokens }]);
    await model.dispose();
    found.push(judge(engine, "logits", actual!));
  }
  return found;
}
