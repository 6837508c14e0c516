import fc from "fast-check";
import { expect, test } from "vitest";
import { readWords } from "../../../src/compress/score/read-words.js";
import { scoreWords, weighWords } from "../../../src/compress/score/score-words.js";
import { tableBits, unseenBits } from "../../../src/compress/score/self-information.js";

const unitsOf = (text: string, pattern = /\s*\S+\s*/g) =>
  Array.from(text.matchAll(pattern), ({ 0: unit, index }) => ({ start: index, end: index + unit.length }));

function salienceOf(text: string, pattern?: RegExp): (word: string, occurrence?: number) => number {
  const units = unitsOf(text, pattern);
  const { run, salience } = scoreWords(text, units);
  return (word, occurrence = 0) => {
    const places = run.words.flatMap((found, at) => (found === word ? [at] : []));
    expect(places.length).toBeGreaterThan(occurrence);
    return salience[places[occurrence]!]!;
  };
}

test("the table knows which words are common, and that others are rare", () => {
  expect(tableBits("the")).toBeLessThan(tableBits("function"));
  expect(tableBits("function")).toBeLessThan(tableBits("quantum"));
  expect(tableBits("quantum")).toBeLessThan(unseenBits);
  expect(tableBits("")).toBe(unseenBits);
  const invented = Array.from({ length: 200 }, (_, at) => `xq${at}zzy`);
  expect(invented.filter((word) => tableBits(word) === unseenBits).length).toBeGreaterThan(160);
});

test("names, numbers and rare words are missed more than grammar", () => {
  const salience = salienceOf(
    "In the spring of 1912 the engineer Marconi sailed to Halifax with a new receiver. It was the first of its kind.",
  );
  for (const grammar of ["in", "the", "of", "to", "with", "a", "it", "was", "its"]) {
    for (const content of ["1912", "marconi", "halifax", "receiver", "engineer"]) {
      expect(salience(content), `${content} above ${grammar}`).toBeGreaterThan(salience(grammar));
    }
  }
});

test("a word is missed most where it is first mentioned", () => {
  const salience = salienceOf(
    "A turbine turns heat into work. Each turbine has blades. The turbine is old, this turbine too.",
  );
  expect(salience("turbine", 0)).toBeGreaterThan(salience("turbine", 2));
});

test("words that change what is said outrank grammar of the same frequency", () => {
  const salience = salienceOf(
    "You must restart only after all of the workers have stopped, except for the first of them.",
  );
  for (const meaning of ["must", "only", "after", "all", "except", "first"]) {
    expect(salience(meaning), meaning).toBeGreaterThan(salience("of"));
    expect(salience(meaning), meaning).toBeGreaterThan(salience("the"));
  }
});

test("languages without a table are judged by their own repetitions", () => {
  const german = salienceOf(
    "Der Turm und der Fluss und der Wald und die Burg liegen dort, und der Graben schützt die Zugbrücke und die Mauer.",
  );
  expect(german("zugbrücke")).toBeGreaterThan(german("und"));
  expect(german("graben")).toBeGreaterThan(german("der"));
  const russian = salienceOf("Это башня и это река и это лес, и это крепость и её подъёмный мост и ров");
  expect(russian("крепость")).toBeGreaterThan(russian("и"));
});

test("particles of scripts without spaces carry little", () => {
  const japanese = salienceOf("東京|は|日本|の|首都|で|大きな|都市|です", /[^|]+\|?/g);
  expect(japanese("東京")).toBeGreaterThan(japanese("の"));
  expect(japanese("首都")).toBeGreaterThan(japanese("は"));
  const chinese = salienceOf("北京|是|中国|的|首都|和|文化|中心", /[^|]+\|?/g);
  expect(chinese("北京")).toBeGreaterThan(chinese("的"));
});

test("every unit of any text has a salience from 0 to 1", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const units = unitsOf(text, /\s+|[^\s]{1,5}/g);
      const { salience } = scoreWords(text, units);
      expect(salience.length).toBe(units.length);
      for (const value of salience) expect(value >= 0 && value <= 1).toBe(true);
    }),
  );
});

test("English is scored by the weights, other languages by their own counts", () => {
  const scorerOf = (text: string) => scoreWords(text, unitsOf(text)).scorer;
  expect(scorerOf("The engineer sailed to the harbour with a new receiver in the spring.")).toBe("linear");
  expect(scorerOf("Der Ingenieur segelte im Frühling mit einem neuen Empfänger zum Hafen.")).toBe("statistical");
});

test("a lower rate leaves every word a smaller chance on the whole", () => {
  const text =
    "The engineer Marconi sailed to Halifax with a new receiver, which was the first of its kind in the world.";
  const sumAt = (rate: number) => scoreWords(text, unitsOf(text), rate).salience.reduce((sum, value) => sum + value, 0);
  expect(sumAt(0.2)).toBeLessThan(sumAt(0.5));
  expect(sumAt(0.5)).toBeLessThan(sumAt(0.8));
});

test("weights of units are remembered for one text and one rate, and taken for no other", () => {
  const source = "The harbour was built in 1893 by engineers who did not have any modern machines.";
  const units = unitsOf(source);
  const chances = weighWords(source, units, 0.5);
  expect(weighWords(source, units, 0.5)).toBe(chances);
  expect(weighWords(source, units, 0.2)).toEqual(weighWords(source, unitsOf(source), 0.2));
  expect(weighWords(source, units, 0.2)).not.toEqual(chances);
  const other = source.toUpperCase();
  expect(weighWords(other, units, 0.5)).toEqual(weighWords(other, unitsOf(other), 0.5));
  expect(weighWords(other, units, 0.5)).not.toEqual(chances);
  expect(readWords(other, units)).toEqual(readWords(other, unitsOf(other)));
  expect(readWords(other, units)).not.toEqual(readWords(source, unitsOf(source)));
});
