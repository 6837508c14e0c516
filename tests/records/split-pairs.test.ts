import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLeaks } from "../../src/records/find-leaks.js";
import { documentOf, type Pair } from "../../src/records/pair.js";
import { type Side, sides, splitPairs } from "../../src/records/split-pairs.js";
import { inOrder, makePair, makeWords } from "./make-pair.js";

const even = { train: 0.5, valid: 0.25, test: 0.25 };

/** Pairs of which some share a document and some a run of words, taken from a few passages. */
const arbitraryPairs = fc
  .array(
    fc.record({
      document: fc.integer({ min: 0, max: 40 }),
      passages: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 5, max: 30 })), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((specs) =>
    specs.map(({ document, passages }, index) =>
      makePair({
        id: `pair-${index}`,
        verbose: [
          makeWords(`own${index}x`, 8),
          ...passages.map(([which, length]) => makeWords(`p${which}x`, length)),
        ].join(", "),
        provenance: { source: "tests", document: `document-${document}` },
      }),
    ),
  );

/** Every run of 13 words, found without the code under test. */
function runsOf(text: string): string[] {
  const words = text.match(/\w+/gu) ?? [];
  return words.slice(12).map((_, start) => words.slice(start, start + 13).join(" "));
}

describe("splitPairs", () => {
  it("lets neither a document nor 13 words in a row cross, and does not depend on the order", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPairs, fc.nat(), async (pairs, turn) => {
        const chosen = await splitPairs(inOrder(pairs), even);
        const owners = new Map<string, Side>();
        for (const [index, pair] of pairs.entries()) {
          for (const key of [documentOf(pair), ...runsOf(pair.verbose)]) {
            expect(owners.get(key) ?? chosen[index]).toBe(chosen[index]);
            owners.set(key, chosen[index]!);
          }
        }
        const at = turn % pairs.length;
        const turned = [...pairs.slice(at), ...pairs.slice(0, at)].reverse();
        const again = await splitPairs(inOrder(turned), even);
        const sideOf = new Map(turned.map(({ id }, index) => [id, again[index]]));
        expect(pairs.map(({ id }) => sideOf.get(id))).toEqual(chosen);
      }),
      { numRuns: 60 },
    );
  });

  it("meets the shares where pairs have nothing in common", async () => {
    const pairs = Array.from({ length: 4000 }, (_, index) => makePair({ id: `p${index}`, verbose: `w${index}` }));
    const chosen = await splitPairs(inOrder(pairs), { train: 0.8, valid: 0.1, test: 0.1 });
    const counts = sides.map((side) => chosen.filter((each) => each === side).length);
    expect(counts[0]).toBeGreaterThan(3100);
    expect(Math.min(counts[1]!, counts[2]!)).toBeGreaterThan(330);
  });

  it("trains on a group that is too large to hold out", async () => {
    // One passage in 60 of 100 pairs: whatever the name's hash, it may not be most of a held-out side.
    for (let seed = 0; seed < 20; seed++) {
      const pairs = Array.from({ length: 100 }, (_, index) =>
        makePair({ id: `${seed}-${index}`, verbose: index < 60 ? makeWords("same", 20) : makeWords(`n${index}x`, 20) }),
      );
      const chosen = await splitPairs(inOrder(pairs), { train: 0.4, valid: 0.3, test: 0.3 });
      expect(new Set(chosen.slice(0, 60))).toEqual(new Set(["train"]));
    }
  });

  it("knows runs whatever their case and marks, in scripts without spaces too", async () => {
    const japanese = "この関数はキャッシュを確認してから値を返します";
    const pairs: Pair[] = [];
    for (let index = 0; index < 40; index++) {
      pairs.push(makePair({ id: `a${index}`, verbose: makeWords(`w${index}x`, 13) }));
      pairs.push(
        makePair({ id: `b${index}`, verbose: `Before. ${makeWords(`W${index}X`, 13).replaceAll(" ", ",\n")}` }),
      );
    }
    pairs.push(makePair({ id: "j1", verbose: japanese }), makePair({ id: "j2", verbose: `1. ${japanese}` }));
    const chosen = await splitPairs(inOrder(pairs), even);
    for (let at = 0; at < pairs.length; at += 2) expect(chosen[at]).toBe(chosen[at + 1]);
    expect(new Set(chosen).size).toBe(3);
  });

  it.each([
    [0.5, 0.5, 0.5],
    [1.2, -0.1, -0.1],
    [Number.NaN, 0, 1],
  ])("refuses shares of %s, %s, %s", async (train, valid, test) => {
    await expect(splitPairs(inOrder([]), { train, valid, test })).rejects.toMatchObject({ code: "invalid-option" });
  });
});

describe("findLeaks", () => {
  it("names what one side has of another, and nothing else", async () => {
    const passage = makeWords("shared", 13);
    const train = [
      makePair({ id: "t1", verbose: `Intro. ${passage}` }),
      makePair({ id: "t2", verbose: "other", provenance: { source: "tests", document: "d" } }),
    ];
    const test = [
      makePair({ id: "x1", verbose: `${passage} and more` }),
      makePair({ id: "x2", verbose: "unlike", provenance: { source: "tests", document: "d" } }),
      makePair({ id: "x3", verbose: makeWords("shared", 12) }),
    ];
    const leaks = [];
    for await (const leak of findLeaks([
      ["train", inOrder(train)],
      ["test", inOrder(test)],
    ]))
      leaks.push(leak);
    expect(leaks).toEqual([
      { id: "x1", side: "test", of: "train", what: "words" },
      { id: "x2", side: "test", of: "train", what: "document" },
    ]);
  });
});
