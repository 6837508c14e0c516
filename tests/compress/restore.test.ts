import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { compress } from "../../src/compress/compress.js";
import { restore } from "../../src/compress/restore.js";
import { findOmissionMarkers } from "../../src/compress/text/omission-marker.js";
import type { CompressResult, OriginalsStore } from "../../src/compress/types.js";
import { BrevisError } from "../../src/errors.js";
import { openStore } from "../../src/store/open-store.js";

function makeStore() {
  const folder = mkdtempSync(join(tmpdir(), "brevis-restore-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return openStore({ path: join(folder, "store") });
}

/** A store as a user might write one: the three methods alone. */
function makePlainStore(): OriginalsStore {
  const texts = new Map<string, string>();
  const idOf = (text: string) => {
    let hash = 7n;
    for (const character of text) hash = (hash * 31n + BigInt(character.codePointAt(0)!)) % 10n ** 12n;
    return hash.toString().padStart(12, "0");
  };
  return {
    idOf,
    async put(text) {
      texts.set(idOf(text), text);
      return idOf(text);
    },
    async get(id) {
      const text = texts.get(id);
      if (text === undefined) throw new BrevisError("unknown-id", `There is no ${id}.`);
      return text;
    },
  };
}

const listing = Array.from(
  { length: 80 },
  (_, index) => `step ${index} copied ${index * 37} files to place ${index % 7}`,
).join("\n");
const prose = "It was not the first time that the old house on the hill had been sold to people from far away. ".repeat(
  8,
);

describe("restore(result)", () => {
  it("gives the source back without the seal of a floor that is above the budget", async () => {
    // Evidence all over, in lines that repeat.
    const source = "1\tfoo_bar = 1\n2\tif error: raise\n3\t    cannot()\n".repeat(8);
    const store = makeStore();
    const result = await compress(source, { budget: 1, store });
    expect(result.text).toMatch(/\[…floor\]$/u);
    expect(result.loss).toBe("format");
    expect(await restore(result, { store })).toBe(source);
  });

  it("gives the source back from the legend alone where nothing was lost", async () => {
    const word = fc.constantFrom(
      "transaction_status_code",
      "/var/lib/application/data",
      "reconciliation",
      "no",
      "\n",
      "§",
      "1",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 80 }),
        fc.constantFrom("inline", "separate" as const),
        async (words, legend) => {
          const source = words.join(" ");
          const result = await compress(source, { mode: "lossless", dictionary: "all", legend });
          if (result.loss === "none") expect(await restore(result)).toBe(source);
        },
      ),
      { numRuns: 40 },
    );
    const source = "reconciliation of transaction_status_code ".repeat(30);
    const result = await compress(source, { mode: "lossless", kind: "prose" });
    expect(Object.keys(result.legend).length).toBeGreaterThan(0);
    expect(await restore(result)).toBe(source);
  });

  it.each([
    ["lines", listing, "log"],
    ["prose", prose, "prose"],
  ] as const)("gives the source of %s back from the store, after JSON and a restart too", async (_, source, kind) => {
    const store = makeStore();
    const result: CompressResult = JSON.parse(JSON.stringify(await compress(source, { rate: 0.4, kind, store })));
    expect(result.loss).toBe("lossy");
    expect(result.id).toMatch(/^\d{12}$/u);
    expect(await restore(result, { store: openStore({ path: store.path }) })).toBe(source);
  });

  it("works with any object of the store's shape", async () => {
    const store = makePlainStore();
    const result = await compress(listing, { rate: 0.4, kind: "log", store });
    expect(await restore(result, { store })).toBe(listing);
    const ids = findOmissionMarkers(result.text).flatMap(({ id }) => id ?? []);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(listing).toContain(await store.get(id));
  });

  it("says what is missing: the store, the id, the shape", async () => {
    const store = makeStore();
    const kept = await compress(listing, { rate: 0.4, kind: "log", store });
    await expect(restore(kept)).rejects.toMatchObject({
      code: "unknown-id",
      message: expect.stringContaining(kept.id!),
    });
    await expect(restore(kept, { store: makeStore() })).rejects.toMatchObject({ code: "unknown-id" });
    const unkept = await compress(listing, { rate: 0.4, kind: "log" });
    await expect(restore(unkept, { store })).rejects.toMatchObject({ code: "unknown-id" });
    for (const wrong of [undefined, null, 7, {}, { text: "a" }]) {
      await expect(restore(wrong as never)).rejects.toMatchObject({ code: "invalid-input" });
    }
    await expect(restore("a", { store: 7 as never })).rejects.toMatchObject({ code: "invalid-option" });
  });
});

describe("restore(text)", () => {
  it("replaces each marker by what it stands for, so that plain lines come back whole", async () => {
    const store = makeStore();
    // `yaml` with lines that repeat nothing: what is left out is all that changes.
    const result = await compress(listing, { rate: 0.4, kind: "listing", dictionary: "off", store });
    const ids = findOmissionMarkers(result.text).flatMap(({ id }) => id ?? []);
    expect(ids.length).toBeGreaterThan(0);
    const restored = await restore(result.text, { store });
    expect(findOmissionMarkers(restored)).toEqual([]);
    for (const { omitted } of result.segments) {
      for (const { start, end } of omitted) expect(restored).toContain(listing.slice(start, end).trimEnd());
    }
  });

  it("names the id that it does not know, and leaves markers without one alone", async () => {
    const store = makeStore();
    const text = "a\n[…3 lines #111122223333]\nb";
    await expect(restore(text, { store })).rejects.toMatchObject({
      code: "unknown-id",
      message: expect.stringContaining("111122223333"),
    });
    await expect(restore(text)).rejects.toMatchObject({ code: "unknown-id" });
    expect(await restore("a\n[…3 lines]\nb")).toBe("a\n[…3 lines]\nb");
  });

  it("expands the aliases of a legend before the markers", async () => {
    const store = makePlainStore();
    const id = await store.put("kept §1\n");
    expect(await restore(`Legend: §1=word\n§1\n[…1 lines #${id}]\n§1`, { store })).toBe("word\nkept §1\nword");
  });
});

describe("compress with a store", () => {
  it("keeps nothing of a result that lost nothing", async () => {
    const store = makeStore();
    const result = await compress("a b c", { rate: 1, store });
    expect(result.id).toBeUndefined();
    await expect(store.get(store.idOf("a b c"))).rejects.toMatchObject({ code: "unknown-id" });
  });

  it.each([
    ["fails to write", { put: () => Promise.reject(new Error("no space")), putResult: undefined }],
    [
      "fails to give ids",
      {
        idOf: () => {
          throw new Error("no key");
        },
      },
    ],
    ["gives ids that no marker can carry", { idOf: () => "abc" }],
  ])("goes on without ids where the store %s", async (_, broken) => {
    const store = { ...makeStore(), ...broken } as OriginalsStore;
    const result = await compress(listing, { rate: 0.4, kind: "log", store });
    const without = await compress(listing, { rate: 0.4, kind: "log" });
    expect(result.text).toBe(without.text);
    expect(result.id).toBeUndefined();
    expect(result.warnings.map(({ code }) => code)).toContain("store-unavailable");
  });

  it("never keeps a result as an original, and gives its parts no ids", async () => {
    const store = makeStore();
    const once = await compress(listing, { rate: 0.6, kind: "log", dictionary: "off", store });
    const twice = await compress(once.text, { rate: 0.5, kind: "log", dictionary: "off", store });
    expect(twice.decision).toBe("compressed");
    expect(twice.id).toBeUndefined();
    expect(twice.warnings.map(({ code }) => code)).toContain("store-unavailable");
    const known = new Set(findOmissionMarkers(once.text).map(({ id }) => id));
    for (const { id } of findOmissionMarkers(twice.text)) expect(id === undefined || known.has(id)).toBe(true);
    expect(await restore(once, { store })).toBe(listing);
  });
});
