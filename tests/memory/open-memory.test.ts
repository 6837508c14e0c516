import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadTokenCounter } from "../../src/engine/tokens/load-token-counter.js";
import type { Memory, MemoryOptions } from "../../src/memory/index.js";
import { openMemory } from "../../src/memory/index.js";
import { openPgliteStore } from "./open-pglite-store.js";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-memory-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const note = (at: number) =>
  `On day ${at} the crew of hall ${at} replaced pump P-${at}00 because its bearing had worn out, which nobody had expected so soon.`;

/** The same laws for every store. */
const stores: readonly [name: string, open: () => Promise<MemoryOptions>][] = [
  ["an SQLite file", async () => ({ path: join(makeFolder(), "memory.db") })],
  ["Postgres", async () => ({ store: await openPgliteStore() })],
];

describe.each(stores)("a memory in %s", (_, storeOptions) => {
  const open = async (more: MemoryOptions = {}): Promise<Memory> => {
    const memory = await openMemory({ ...(await storeOptions()), ...more });
    onTestFinished(() => memory.close());
    return memory;
  };

  it("gives back what it was given, every code unit", async () => {
    const memory = await open();
    const texts = [
      "",
      "\ud800 alone",
      "NUL \0 and <|endoftext|>",
      "全角文字。日本語のテキスト",
      "a\r\nb\n\n",
      note(1).repeat(40),
    ];
    const added = [];
    for (const text of texts) added.push((await memory.add(text)).id);
    for (const [at, id] of added.entries()) expect(await memory.expand(id)).toBe(texts[at]);
    await expect(memory.expand("m999")).rejects.toMatchObject({ code: "unknown-id" });
    await expect(memory.expand("'; DROP TABLE brevis_memory; --")).rejects.toMatchObject({ code: "unknown-id" });
  });

  it("knows a text again, and merges one that another says in full", async () => {
    const memory = await open();
    const whole = await memory.add(`${note(1)}\n${note(2)}`);
    expect(await memory.add(`${note(1)}\n${note(2)}`)).toMatchObject({ id: whole.id, outcome: "known" });
    expect(await memory.add(`- ${note(2).toUpperCase()}`)).toMatchObject({ id: whole.id, outcome: "merged" });
    expect(await memory.add(note(2).replace("P-200", "P-201"))).toMatchObject({ outcome: "added" });
    const fuller = await memory.add([note(1), note(2), note(3)].join("\n"));
    const { items } = await memory.pack("Which pumps of the halls did the crew replace?", { budget: 1000 });
    expect(items.map(({ id }) => id)).toContain(fuller.id);
    expect(items.map(({ id }) => id)).not.toContain(whole.id);
    expect(await memory.stats()).toMatchObject({ items: 2, merged: 2 });
  });

  it("puts pinned memories first, and says which did not fit", async () => {
    const memory = await open();
    const rule = await memory.add("Never write to the production database.", { pinned: true, at: 1 });
    for (let at = 1; at <= 9; at++) await memory.add(note(at), { at: at * 1000 });
    const packed = await memory.pack("pump P-300", { budget: 60 });
    expect(packed.items.map(({ id }) => id)).toContain(rule.id);
    expect(packed.text).toContain("P-300");
    expect(packed.left.length).toBeGreaterThan(3);
    expect((await memory.pack("pump", { budget: 3 })).pinnedLeft).toEqual([rule.id]);
    await memory.pin(rule.id, false);
    expect((await memory.pack("pump", { budget: 60 })).items.map(({ id }) => id)).not.toContain(rule.id);
  });

  it("forgets for good, with what was merged", async () => {
    const memory = await open();
    const { id } = await memory.add(`${note(1)}\n${note(2)}`);
    await memory.add(note(1));
    await memory.forget(id);
    expect(await memory.stats()).toMatchObject({ items: 0, merged: 0 });
    expect((await memory.pack("pump", { budget: 100 })).text).toBe("");
    await expect(memory.forget(id)).rejects.toMatchObject({ code: "unknown-id" });
    expect((await memory.add(note(1))).outcome).toBe("added");
  });

  it("never packs more than the budget, and shows a memory with the same bytes each time", async () => {
    const memory = await open();
    const shown = new Map<string, string>();
    const counter = await loadTokenCounter();
    for (let at = 1; at <= 12; at++)
      await memory.add(note(at).repeat(1 + (at % 4)), { at: at * 1000, pinned: at % 5 === 0 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 12 }), async (budget, at) => {
        const { text, tokens, items } = await memory.pack(`What of pump P-${at}00 in hall ${at}?`, {
          budget,
          at: 99_000,
        });
        expect(counter.count(text)).toBeLessThanOrEqual(budget);
        expect(tokens.packed).toBe(counter.count(text));
        for (const item of items) {
          expect(text).toContain(`[${item.id}] ${item.text.trimEnd()}`);
          expect(shown.get(item.id) ?? item.text).toBe(item.text);
          shown.set(item.id, item.text);
        }
      }),
      { numRuns: 40 },
    );
    expect(shown.size).toBeGreaterThan(8);
  });

  it("ranks by embeddings too, where it has some, and the newer of two alike first", async () => {
    // Two meanings as two axes: what is about cats, and what is about ships.
    const embed = async (texts: readonly string[]) =>
      texts.map((text) => [/cat|kitten|feline/iu.test(text) ? 1 : 0, /ship|vessel/iu.test(text) ? 1 : 0]);
    const memory = await open({ embed, halfLife: 1000 });
    const cat = await memory.add("The kitten slept in the box all day.", { at: 0 });
    await memory.add("A vessel left the harbour at noon.", { at: 0 });
    const { items } = await memory.pack("feline", { budget: 20, at: 0 });
    expect(items.map(({ id }) => id)).toEqual([cat.id]);
    await memory.add("The kitten slept on the sofa all night.", { at: 1000 });
    const newest = await memory.pack("where did the kitten sleep", { budget: 16, at: 1000 });
    expect(newest.text).toContain("sofa");
    expect(newest.left).toContain(cat.id);
  });

  it("leaves short notes as they are, and keeps of longer ones fewer tokens", async () => {
    const memory = await open();
    const short = "The pump of hall two is blue.";
    await memory.add(short);
    const { tokens } = await memory.add([1, 2, 3, 4].map(note).join(" "));
    expect((await memory.pack("blue pump", { budget: 200 })).text).toContain(short);
    expect(tokens.stored).toBeLessThan(0.7 * tokens.original);
  });

  it("chooses by metadata", async () => {
    const memory = await open();
    await memory.add("The pump of user one is red.", { metadata: { user: 1 } });
    await memory.add("The pump of user two is blue.", { metadata: { user: 2 } });
    const { items } = await memory.pack("pump", { budget: 100, where: ({ user }) => user === 2 });
    expect(items.map(({ text }) => text)).toEqual(["The pump of user two is blue."]);
  });
});

describe("openMemory", () => {
  it("keeps what it was given, also for another process at the same time", async () => {
    const path = join(makeFolder(), "memory.db");
    const first = await openMemory({ path });
    const second = await openMemory({ path });
    onTestFinished(() => Promise.all([first.close(), second.close()]).then(() => {}));
    const { id } = await first.add(note(1));
    expect(await second.expand(id)).toBe(note(1));
    expect((await second.add(note(1))).outcome).toBe("known");
    await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? first : second).add(note(at + 10))));
    const ids = (await first.pack("pump crew hall", { budget: 5000 })).items.map((item) => item.id);
    expect(new Set(ids).size).toBe(21);
    await second.forget(id);
    expect((await first.pack("pump", { budget: 5000 })).items.map((item) => item.id)).not.toContain(id);
  });

  it("says that a file is no memory", async () => {
    const folder = makeFolder();
    const { writeFileSync } = await import("node:fs");
    writeFileSync(
      join(folder, "notes.db"),
      "These are plain notes and no database at all, which is a pity.".repeat(30),
    );
    await expect(openMemory({ path: join(folder, "notes.db") })).rejects.toMatchObject({ code: "store-corrupt" });
  });

  it.each([
    [{ budget: -1 }, /budget/u],
    [{ budget: 1.5 }, /budget/u],
    [{ budget: 10, at: Number.NaN }, /Expected at/u],
  ])("refuses %j", async (options, message) => {
    const memory = await openMemory({ path: ":memory:" });
    await expect(memory.pack("query", options)).rejects.toThrow(message);
    await expect(openMemory({ path: ":memory:", halfLife: 0 })).rejects.toThrow(/halfLife/u);
    await memory.close();
  });
});
