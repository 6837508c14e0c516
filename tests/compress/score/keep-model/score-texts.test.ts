import { expect, test } from "vitest";
import type { KeepModel } from "../../../../src/compress/score/keep-model/open-keep-model.js";
import { planWindows } from "../../../../src/compress/score/keep-model/plan-windows.js";
import { modelFeatures } from "../../../../src/compress/score/keep-model/read-word-features.js";
import { scoreTexts } from "../../../../src/compress/score/keep-model/score-texts.js";

/** A model whose engine says what it was asked, and gives each token its id as all three logits. */
function openFake(name: string, told: string[]): KeepModel {
  const engine = {
    info: { engine: "cpu", featureCount: modelFeatures.length },
    async logits(sequences: readonly { tokens: Int32Array }[]) {
      told.push(`asked for ${sequences.length}`);
      await Promise.resolve();
      told.push("answered");
      return sequences.map(({ tokens }) =>
        Float32Array.from({ length: 3 * tokens.length }, (_, at) => tokens[Math.floor(at / 3)]!),
      );
    },
  };
  return {
    name,
    engine: engine as unknown as KeepModel["engine"],
    encodeWord: (folded) => Int32Array.of(folded.length),
    openingOf: () => [100, 101],
  };
}

test("other work is done once, while the engine has the first of its own", async () => {
  const told: string[] = [];
  const model = openFake("meanwhile", told);
  const text = { text: "one three ".repeat(5000), kind: "prose", tenths: 5 };
  const windows = planWindows(Int32Array.from({ length: 10_000 }, (_, at) => at));
  const [scored] = await scoreTexts(model, [text], undefined, () => told.push("meanwhile"));
  expect(told.slice(0, 4)).toEqual(["asked for 32", "meanwhile", "answered", `asked for ${windows.length - 32}`]);
  expect(told).toHaveLength(5);
  expect([...scored!.logits.slice(0, 6)]).toEqual([3, 3, 3, 5, 5, 5]);
});

test("what is remembered needs no engine, and nothing is done meanwhile", async () => {
  const told: string[] = [];
  const model = openFake("remembered", told);
  const text = { text: "four words to remember", kind: "prose", tenths: 5 };
  const first = await scoreTexts(model, [text]);
  expect(await scoreTexts(model, [text], undefined, () => told.push("meanwhile"))).toEqual(first);
  expect(told).toEqual(["asked for 1", "answered"]);
});
