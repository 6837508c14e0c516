import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BytePairVocabulary, packVocabulary } from "../../../src/engine/tokens/byte-pair-vocabulary.js";

const root = join(import.meta.dirname, "../../..");

/** The library's own table: a token in base64 and its rank on each line. */
function readTable(name: string): Uint8Array[] {
  const lines = readFileSync(join(root, `node_modules/gpt-tokenizer/data/${name}.tiktoken`), "utf8")
    .trim()
    .split("\n");
  const tokens: Uint8Array[] = [];
  for (const line of lines) {
    const [bytes, rank] = line.split(" ");
    tokens[Number(rank)] = Buffer.from(bytes!, "base64");
  }
  return tokens;
}

describe.each(["o200k_base", "cl100k_base"])("the vocabulary %s", (name) => {
  const tokens = readTable(name);
  const file = readFileSync(join(root, `models/vocabularies/${name}.bin`));

  it("is the library's table", () => {
    expect(Buffer.compare(file, packVocabulary(tokens))).toBe(0);
  });

  it("finds each token, one of a higher rank further on", () => {
    const vocabulary = new BytePairVocabulary(file);
    let place = -1;
    for (const token of tokens) {
      const found = vocabulary.placeOf(token, 0, token.length);
      if (found <= place)
        expect.fail(`${Buffer.from(token).toString("hex")} is found at ${found}, not behind ${place}`);
      place = found;
    }
    expect(tokens.length).toBeGreaterThan(100_000);
  });
});

describe("BytePairVocabulary", () => {
  const tokens = ["a", "b", "ab"].map((token) => new TextEncoder().encode(token));

  it("finds nothing that is no token", () => {
    const vocabulary = new BytePairVocabulary(packVocabulary(tokens));
    const bytes = new TextEncoder().encode("abba");
    expect(vocabulary.placeOf(bytes, 0, 2)).toBe(2);
    expect(vocabulary.placeOf(bytes, 1, 3)).toBe(-1);
    expect(vocabulary.placeOf(bytes, 3, 4)).toBe(0);
  });

  it("reads a file that lies anywhere in a buffer", () => {
    const file = packVocabulary(tokens);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(new BytePairVocabulary(shifted.subarray(1)).placeOf(tokens[2]!, 0, 2)).toBe(2);
  });

  it.each([0, 7, 8, 20])("refuses a file cut to %i bytes", (length) => {
    expect(() => new BytePairVocabulary(packVocabulary(tokens).subarray(0, length))).toThrow(
      "Expected a vocabulary of",
    );
  });
});

describe("packVocabulary", () => {
  it.each([0, 256])("refuses a token of %i bytes", (length) => {
    expect(() => packVocabulary([new Uint8Array(length)])).toThrow(`that of rank 0 has ${length}`);
  });
});
