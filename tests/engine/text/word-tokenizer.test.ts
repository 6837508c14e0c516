import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../../src/engine/models/load-tokenizer.js";
import { createWordTokenizer } from "../../../src/engine/text/word-tokenizer.js";

const directory = join(import.meta.dirname, "../../../models/keep");
const file = JSON.parse(readFileSync(join(directory, "tokenizer.json"), "utf8"));

const fragments = fc.oneof(
  fc.constantFrom(
    "The",
    "database",
    "unstoppable",
    "HTTPServer",
    "x_y_z",
    "don't",
    "it’s",
    "3.14",
    "1,000:5",
    "7f3a",
    "İstanbul",
  ),
  fc.constantFrom(
    " ",
    "'",
    ".",
    "\n",
    "-",
    "\ud800",
    "漢字",
    "ΟΔΟΣ",
    "e\u0301",
    "ß",
    "مرحبا",
    "👩‍👩‍👧",
    "[pad]",
    "\u0120",
  ),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.stringMatching(/^[a-z]{1,14}$/),
);

describe("createWordTokenizer", () => {
  it("encodes what the library encodes", async () => {
    const encode = createWordTokenizer(file)!;
    const library = await loadTokenizer(directory);
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        expect([...encode(text)]).toEqual([...library.encode(text)]);
      }),
      { numRuns: 1500 },
    );
  });

  it("merges the pair that was learnt first, and of equal pairs the first", () => {
    const small = withModel({
      vocab: { ...bytesOf(file.model.vocab), ab: 256, bc: 257, abc: 258, aa: 259 },
      merges: [
        ["b", "c"],
        ["a", "bc"],
        ["a", "b"],
        ["a", "a"],
      ],
    });
    const encode = createWordTokenizer(small)!;
    const [a] = encode("a");
    expect([...encode("abc ab")]).toEqual([258, 256]);
    expect([...encode("aaa")]).toEqual([259, a]);
  });

  it.each([
    ["no file", undefined],
    ["another normalizer", { ...file, normalizer: { type: "NFC" } }],
    ["no normalizer", { ...file, normalizer: null }],
    ["tokens that are no special ones", { ...file, added_tokens: [{ id: 0, content: "x", special: false }] }],
    ["a post-processor", { ...file, post_processor: { type: "ByteLevel" } }],
    ["an unknown token", withModel({ unk_token: "[pad]" })],
    ["whole words before merges", withModel({ ignore_merges: true })],
    ["merges as strings", withModel({ merges: ["e r"] })],
    ["a merge of what is no token", withModel({ merges: [["qzqz", "x"]] })],
    ["a byte without a token", withModel({ vocab: { a: 0, b: 1, ab: 2 }, merges: [["a", "b"]] })],
    ["a space before words", withByteLevel({ add_prefix_space: true })],
    ["a pattern of its own in the byte level", withByteLevel({ use_regex: true })],
  ])("leaves %s to the library", (_, content) => {
    expect(createWordTokenizer(content)).toBeUndefined();
  });
});

function withModel(changes: object): object {
  return { ...file, model: { ...file.model, ...changes } };
}

function withByteLevel(changes: object): object {
  const [split, byteLevel] = file.pre_tokenizer.pretokenizers;
  return { ...file, pre_tokenizer: { ...file.pre_tokenizer, pretokenizers: [split, { ...byteLevel, ...changes }] } };
}

/** The tokens of single bytes alone, numbered from 0. */
function bytesOf(vocab: Record<string, number>): Record<string, number> {
  const single = Object.keys(vocab).filter((name) => name.length === 1);
  return Object.fromEntries(single.map((name, id) => [name, id]));
}
