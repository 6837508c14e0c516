import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashShingles } from "../../src/records/hash-shingles.js";
import { minHash, NearDuplicates, signatureLength, similarity } from "../../src/records/min-hash.js";
import { ShingleOwners } from "../../src/records/shingle-owners.js";
import { makeWords } from "./make-pair.js";

describe("hashShingles", () => {
  it("gives a hash for each run of words, and one for a shorter text", () => {
    expect(hashShingles(makeWords("w", 15))).toHaveLength(3);
    expect(hashShingles(makeWords("w", 4))).toHaveLength(1);
    expect(hashShingles(" -- !\n")).toEqual([]);
  });

  it("tells 200,000 runs apart", () => {
    const hashes = hashShingles(makeWords("w", 200_012));
    expect(new Set(hashes).size).toBe(200_000);
    expect(hashes.every(Number.isSafeInteger)).toBe(true);
  });

  it("hears each word and the order of them", () => {
    const [first] = hashShingles("a b c d", 4);
    expect(hashShingles("b a c d", 4)).not.toEqual([first]);
    expect(hashShingles("a b c e", 4)).not.toEqual([first]);
    expect(hashShingles("A, b: C; d!", 4)).toEqual([first]);
  });
});

describe("minHash", () => {
  it("estimates the share of members that two sets have in common", () => {
    const spread = (index: number) => (index * 2_654_435_761 * 1031) % Number.MAX_SAFE_INTEGER;
    for (const shared of [0, 20, 50, 100, 180, 200]) {
      // 200 members each, of which `shared` are the same.
      const left = Array.from({ length: 200 }, (_, index) => spread(index + 1));
      const right = Array.from({ length: 200 }, (_, index) => spread(index + 1 + 200 - shared));
      const estimate = similarity(minHash(left), minHash(right));
      // Four standard deviations of an estimate from 128 places.
      const truth = shared / (400 - shared);
      const tolerance = 4 * Math.sqrt((truth * (1 - truth)) / signatureLength) + 0.02;
      expect(Math.abs(estimate - truth)).toBeLessThanOrEqual(tolerance);
    }
  });
});

describe("NearDuplicates", () => {
  const text = makeWords("word", 200);

  it("finds a text with a few words changed, and keeps one that is half another", () => {
    const seen = new NearDuplicates(0.7);
    expect(seen.findOrKeep(hashShingles(text, 5))).toBeUndefined();
    expect(seen.findOrKeep(hashShingles(makeWords("other", 200), 5))).toBeUndefined();
    expect(seen.findOrKeep(hashShingles(`${text.replace("word50 ", "changed ")} end`, 5))).toBe(0);
    const half = `${makeWords("word", 100)} ${makeWords("fresh", 100)}`;
    expect(seen.findOrKeep(hashShingles(half, 5))).toBeUndefined();
    expect(seen.findOrKeep(hashShingles(half.toUpperCase(), 5))).toBe(2);
  });

  it("always finds the same text again", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 }), (texts) => {
        const seen = new NearDuplicates(0.9);
        const hashes = texts.map((each) => hashShingles(each, 5));
        for (const each of hashes) seen.findOrKeep(each);
        expect(hashes.every((each) => seen.findOrKeep(each) !== undefined)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("ShingleOwners", () => {
  it("remembers the first owner of each of 300,000 shingles", () => {
    const owners = new ShingleOwners();
    const hashOf = (index: number) => (index + 1) * 8_589_934_583;
    let wrong = 0;
    for (let index = 0; index < 300_000; index++) if (owners.claim(hashOf(index), index) !== index) wrong++;
    for (let index = 0; index < 300_000; index++) if (owners.claim(hashOf(index), -5) !== index) wrong++;
    expect(wrong).toBe(0);
  });
});
