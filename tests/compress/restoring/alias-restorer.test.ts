import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compress } from "../../../src/compress/compress.js";
import { AliasRestorer } from "../../../src/compress/restoring/alias-restorer.js";
import { expandAliases } from "../../../src/compress/text/legend.js";

const legend = {
  "§1": "transaction_status_code",
  "§2": "§1 again",
  "§12": "twelve",
  "@01": "function",
  "@1": "one",
  "¤7": "",
};
const longest = 3;

const fixtures = [
  "§1 §2 §12 §123 §1234 §3 § §§1§",
  "The @01 should @1 the value, bob@01.example.org and @012 and @01s and é@01 and @01@01.",
  "x§1y§2z ¤7 ¤77 ¤",
  "ends with §1",
  "ends with §",
  "ends with @01",
  "ends with @0",
  "§12",
  "@01",
  "no alias at all, just a paragraph sign ¶1 and a price of ¥1",
  "漢字§1漢字@01漢字 𝒳@01𝒳§12",
  "",
];

/** The rule, said once more in another way: the whole text at once, by a pattern. */
function restoreWhole(text: string): string {
  return text.replace(/([§¤])(\d+)|(?<![\p{L}\p{N}_])@(\d+)(?![\p{L}\p{N}_])/gu, (alias) =>
    Object.hasOwn(legend, alias) ? legend[alias as keyof typeof legend] : alias,
  );
}

function restoreSplit(pieces: readonly string[], of: Record<string, string> = legend): string {
  const restorer = new AliasRestorer(of);
  return pieces.map((piece) => restorer.write(piece)).join("") + restorer.end();
}

describe("AliasRestorer", () => {
  it("restores whole texts by its rule", () => {
    expect(restoreSplit([fixtures[0]!])).toBe(
      "transaction_status_code §1 again twelve §123 §1234 §3 § §transaction_status_code§",
    );
    expect(restoreSplit([fixtures[1]!])).toBe(
      "The function should one the value, bob@01.example.org and @012 and @01s and é@01 and function@01.",
    );
    for (const text of fixtures) if (!text.includes("𝒳")) expect(restoreSplit([text])).toBe(restoreWhole(text));
  });

  it("gives the same for every split in three of every fixture", () => {
    for (const text of fixtures) {
      const whole = restoreSplit([text]);
      for (let first = 0; first <= text.length; first++) {
        for (let second = first; second <= text.length; second++) {
          const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
          expect(restoreSplit(pieces), JSON.stringify(pieces)).toBe(whole);
        }
      }
      expect(restoreSplit(text.split(""))).toBe(whole);
    }
  });

  it("gives the same for any split of any text", () => {
    const part = fc.constantFrom(
      "§",
      "@",
      "¤",
      "0",
      "1",
      "2",
      "12",
      "01",
      "a",
      "é",
      " ",
      "\n",
      "§1",
      "@01",
      "𝒳",
      "\ud835",
    );
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 12 }), (groups) => {
        const pieces = groups.map((group) => group.join(""));
        expect(restoreSplit(pieces)).toBe(restoreSplit([pieces.join("")]));
      }),
      { numRuns: 2000 },
    );
  });

  it("holds back no more than the longest alias, and what is no alias not at all", () => {
    const part = fc.constantFrom("§", "@", "¤", "0", "1", "12", "01", "a", " ");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (pieces) => {
        // Meanings as long as their aliases, so that lengths tell what is held.
        const restorer = new AliasRestorer({ "§1": "ab", "§12": "abc", "@01": "abc", "¤7": "ab" });
        let given = 0;
        let returned = 0;
        for (const piece of pieces) {
          given += piece.length;
          returned += restorer.write(piece).length;
          expect(given - returned).toBeLessThanOrEqual(longest);
          if (/[a-z ]$/u.test(piece)) expect(given).toBe(returned);
        }
      }),
      { numRuns: 1000 },
    );
    expect(new AliasRestorer({ "§1": "x" }).write("see §7")).toBe("see §7");
    expect(new AliasRestorer({ "§1": "x" }).write("see §")).toBe("see ");
  });

  it("restores what compress aliased", async () => {
    const source = "reconciliation of transaction_status_code ".repeat(30);
    const result = await compress(source, { mode: "lossless", kind: "prose", legend: "separate" });
    expect(Object.keys(result.legend).length).toBeGreaterThan(0);
    expect(restoreSplit(result.text.split(""), result.legend)).toBe(source);
    expect(expandAliases(result.text, result.legend)).toBe(source);
  });

  it("passes everything without a legend, and refuses what is none", () => {
    expect(restoreSplit(["§1 @01"], {})).toBe("§1 @01");
    for (const wrong of [null, "§1", { a: "b" }, { "§": "b" }, { "§1": 7 }, { "§1x": "b" }]) {
      expect(() => new AliasRestorer(wrong as never)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    }
  });
});
