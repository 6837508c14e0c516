import { expect, it } from "vitest";
import { lowerFillers } from "../../../src/compress/score/spoken-fillers.js";

it("lowers what fills talk, and not the same word where it says something", () => {
  const words = ["uh", "you", "know", "we", "know", "the", "kind", "of", "kind", "person"];
  const salience = new Float32Array(words.length).fill(1);
  lowerFillers(words, salience);
  const lowered = words.flatMap((_, at) => (salience[at]! < 0.5 ? [at] : []));
  expect(lowered).toEqual([0, 1, 2, 6]);
});
