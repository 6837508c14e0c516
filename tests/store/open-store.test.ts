import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cacache from "cacache";
import fc from "fast-check";
import { afterEach, describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { omissionMarker } from "../../src/compress/text/omission-marker.js";
import { openStore } from "../../src/store/open-store.js";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "store");
}

/** Every content file of a store. */
function contentFiles(path: string): string[] {
  const names = readdirSync(join(path, "content-v2"), { recursive: true, encoding: "utf8" });
  return names.map((name) => join(path, "content-v2", name)).filter((name) => statSync(name).isFile());
}

afterEach(() => vi.useRealTimers());

describe("openStore", () => {
  it("gives back any string, from another opening of the folder too", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const anyString = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    );
    await fc.assert(
      fc.asyncProperty(anyString, async (text) => {
        const id = await store.put(text);
        expect(id).toMatch(/^\d{12}$/u);
        expect(id).toBe(store.idOf(text));
        expect(await openStore({ path }).get(id)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps stretches of a text under the ids of those stretches", async () => {
    const path = makeFolder();
    const text = "one two three two";
    const spans = [
      { start: 0, end: 3 },
      { start: 4, end: 7 },
      { start: 14, end: 17 },
    ];
    const store = openStore({ path });
    const id = await store.putResult({ source: text, slices: spans, compressed: "…" });
    const later = openStore({ path });
    expect(await later.get(id)).toBe(text);
    for (const { start, end } of spans) {
      const slice = text.slice(start, end);
      expect(await later.get(later.idOf(slice))).toBe(slice);
    }
    await expect(later.get(later.idOf("three"))).rejects.toMatchObject({ code: "unknown-id" });
  });

  it("is closed to other users, whatever it was before", async () => {
    const path = makeFolder();
    openStore({ path });
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "key")).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o755);
    chmodSync(join(path, "key"), 0o644);
    openStore({ path });
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "key")).mode & 0o777).toBe(0o600);
  });

  it("refuses ids of another store, and ids that are none", async () => {
    const store = openStore({ path: makeFolder() });
    const other = openStore({ path: makeFolder() });
    const foreign = await other.put("text");
    expect(foreign).not.toBe(store.idOf("text"));
    for (const id of [foreign, "000000000000", "", "../key", "1\n2"]) {
      await expect(store.get(id)).rejects.toMatchObject({ code: "unknown-id", message: expect.stringContaining(id) });
    }
  });

  it("refuses a text that was altered on the disk", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const id = await store.put("the original");
    writeFileSync(contentFiles(path)[0]!, "the impostor");
    await expect(store.get(id)).rejects.toMatchObject({ code: "store-corrupt" });
  });

  it("refuses a text that was put in place with a hash of its own", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const id = await store.put("the original");
    const { metadata } = (await cacache.get.info(path, id))!;
    await cacache.put(path, id, "the impostor", { metadata });
    await expect(store.get(id)).rejects.toMatchObject({ code: "store-corrupt" });
  });

  it("refuses a stretch whose bounds were altered", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const sourceId = await store.putResult({
      source: "one two three",
      slices: [{ start: 4, end: 7 }],
      compressed: "…",
    });
    const log = join(path, readdirSync(path).find((name) => name.endsWith(".log"))!);
    writeFileSync(log, readFileSync(log, "utf8").replace(`${sourceId} 4 7`, `${sourceId} 0 9`));
    await expect(store.get(store.idOf("two"))).rejects.toMatchObject({ code: "store-corrupt" });
  });

  it("repairs a text that a crash cut short when it is put again", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const id = await store.put("the original");
    truncateSync(contentFiles(path)[0]!, 3);
    await expect(store.get(id)).rejects.toMatchObject({ code: "store-corrupt" });
    await store.put("the original");
    expect(await store.get(id)).toBe("the original");
  });

  it("passes over a line that a killed process left unfinished", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const sourceId = await store.putResult({
      source: "one two three",
      slices: [{ start: 4, end: 7 }],
      compressed: "…",
    });
    writeFileSync(join(path, "zz-killed.log"), `\n${store.idOf("two")} ${sourceId} 4`);
    expect(await store.get(store.idOf("two"))).toBe("two");
  });

  it("refuses another text with an id that is taken", async () => {
    const path = makeFolder();
    const store = openStore({ path });
    const id = store.idOf("second");
    await cacache.put(path, id, "first", { metadata: { hmac: "of another text", encoding: "utf8" } });
    await expect(store.put("second")).rejects.toMatchObject({
      code: "store-corrupt",
      message: expect.stringContaining(id),
    });
  });

  it("never keeps a compressed text as an original, but one with foreign markers", async () => {
    const store = openStore({ path: makeFolder() });
    const id = await store.put("one\ntwo\n");
    const own = `head\n${omissionMarker(2, "lines", id)}\n`;
    await expect(store.put(own)).rejects.toMatchObject({ code: "invalid-input" });
    await expect(store.put("Legend: §1=word\n§1 §1")).rejects.toMatchObject({ code: "invalid-input" });
    await store.putResult({ source: "a long story", slices: [], compressed: "a story" });
    await expect(store.put("a story")).rejects.toMatchObject({ code: "invalid-input" });
    for (const text of [`head\n${omissionMarker(2, "lines", "123456789012")}\n`, omissionMarker(2, "lines")]) {
      expect(await store.get(await store.put(text))).toBe(text);
    }
  });

  it("forgets originals after the time that the user set", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const store = openStore({ path: makeFolder(), maxAgeMs: 1000 });
    const id = await store.putResult({ source: "one two", slices: [{ start: 0, end: 3 }], compressed: "…" });
    vi.setSystemTime(Date.now() + 900);
    expect(await store.get(id)).toBe("one two");
    vi.setSystemTime(Date.now() + 200);
    await expect(store.get(id)).rejects.toMatchObject({ code: "unknown-id" });
    await expect(store.get(store.idOf("one"))).rejects.toMatchObject({ code: "unknown-id" });
  });

  it("stays within its bound: the oldest originals go, the latest stay", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const path = makeFolder();
    const store = openStore({ path, maxBytes: 100_000 });
    const ids: string[] = [];
    for (let index = 0; index < 30; index++) {
      vi.setSystemTime(Date.now() + 1000);
      ids.push(await store.put(`${index} `.repeat(10_000 / `${index} `.length)));
    }
    const sizes = contentFiles(path).map((name) => statSync(name).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(100_000);
    expect(sizes.length).toBeGreaterThan(2);
    const isKept = await Promise.all(
      ids.map((id) =>
        store.get(id).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(isKept).toEqual([...isKept].sort((a, b) => Number(a) - Number(b)));
    expect(isKept.at(-1)).toBe(true);
    await expect(store.put("x".repeat(100_001))).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("is shared by processes that open it at once: one key, and everything kept", async () => {
    expect(inject("compileErrors")).toBe("");
    const path = makeFolder();
    const module = join(import.meta.dirname, "..", "..", "dist", "index.js");
    const script = `
      const { openStore } = await import(${JSON.stringify(module)});
      const store = openStore({ path: ${JSON.stringify(path)} });
      for (let index = 0; index < 20; index++) await store.putResult({ source: process.argv[1] + " says " + index, slices: [{ start: 0, end: 1 }], compressed: "…" });`;
    const children = ["a", "b", "c"].map((name) =>
      spawn(process.execPath, ["--input-type=module", "-e", script, name], { stdio: "inherit" }),
    );
    const codes = await Promise.all(children.map((child) => new Promise((resolve) => child.on("exit", resolve))));
    expect(codes).toEqual([0, 0, 0]);
    const store = openStore({ path });
    for (const name of ["a", "b", "c"]) {
      expect(await store.get(store.idOf(name))).toBe(name);
      for (let index = 0; index < 20; index++) {
        const text = `${name} says ${index}`;
        expect(await store.get(store.idOf(text))).toBe(text);
      }
    }
  });

  it("refuses a folder that holds something else, a damaged key and bounds that are none", () => {
    const path = makeFolder();
    openStore({ path });
    writeFileSync(join(path, "key"), "short");
    expect(() => openStore({ path })).toThrow(expect.objectContaining({ code: "store-corrupt" }));
    const foreign = mkdtempSync(join(tmpdir(), "brevis-foreign-"));
    onTestFinished(() => rmSync(foreign, { recursive: true }));
    writeFileSync(join(foreign, "thesis.txt"), "mine");
    expect(() => openStore({ path: foreign })).toThrow(/holds thesis\.txt/u);
    expect(readdirSync(foreign)).toEqual(["thesis.txt"]);
    expect(() => openStore({ path: join(foreign, "thesis.txt") })).toThrow(
      expect.objectContaining({ code: "output-failed" }),
    );
    expect(() => openStore({ path: makeFolder(), maxBytes: 0 })).toThrow(/maxBytes: expected a number above 0/u);
    expect(() => openStore({ path: makeFolder(), maxAgeMs: Number.NaN })).toThrow(/maxAgeMs/u);
  });

  it("leaves the store whole when a process is killed while it writes", async () => {
    const path = makeFolder();
    const module = join(import.meta.dirname, "..", "..", "dist", "index.js");
    const script = `
      const { openStore } = await import(${JSON.stringify(module)});
      const store = openStore({ path: ${JSON.stringify(path)} });
      for (let index = 0; ; index++) await store.putResult({ source: ("text " + index + " ").repeat(20000), slices: [{ start: 0, end: 6 }], compressed: "…" });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const count = () => readdirSync(path).filter((name) => name === "growth").length;
    while (!statSync(path, { throwIfNoEntry: false }) || count() === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    await ended;
    const store = openStore({ path });
    const entries = Object.values(await cacache.ls(path));
    expect(entries.length).toBeGreaterThan(0);
    for (const { key } of entries.filter(({ key }) => /^\d+$/u.test(key)))
      expect(store.idOf(await store.get(key))).toBe(key);
    expect(await store.get(await store.put("after"))).toBe("after");
  });
});
