import { appendFileSync, existsSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { BrevisError } from "../../src/errors.js";
import { openJsonLines } from "../../src/files/append-json-lines.js";
import { type ReadJsonLinesOptions, readJsonLines } from "../../src/files/read-json-lines.js";

const schema = z.object({ id: z.string() });
let path: string;

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "brevis-lines-")), "records.jsonl");
});

async function read(options: Partial<ReadJsonLinesOptions<z.infer<typeof schema>>> = {}) {
  const skipped: BrevisError[] = [];
  const found = [];
  const onSkip = (error: BrevisError) => void skipped.push(error);
  for await (const { line, record } of readJsonLines(path, { schema, onBroken: "fatal", onSkip, ...options }))
    found.push([line, record.id]);
  return { found, skipped: skipped.map(({ message }) => message) };
}

describe("openJsonLines", () => {
  it("makes the file, and appends to what is there", async () => {
    for (const id of ["a", "b"]) {
      const file = await openJsonLines(path);
      await file.append({ id }, { id: `${id}2` });
      await file.close();
    }
    expect(readFileSync(path, "utf8")).toBe('{"id":"a"}\n{"id":"a2"}\n{"id":"b"}\n{"id":"b2"}\n');
  });

  it("keeps the order of calls that come together", async () => {
    const file = await openJsonLines(path);
    await Promise.all(Array.from({ length: 200 }, (_, index) => file.append({ id: String(index) })));
    await file.close();
    expect((await read()).found).toEqual(Array.from({ length: 200 }, (_, index) => [index + 1, String(index)]));
  });

  it("has what an awaited call appended in the file before it is closed", async () => {
    const file = await openJsonLines(path, { sync: "close" });
    await file.append({ id: "a" });
    expect(readFileSync(path, "utf8")).toBe('{"id":"a"}\n');
    void file.append({ id: "b" });
    await file.close();
    expect((await read()).found).toHaveLength(2);
  });

  it("wherever a kill cut the file, whole records stay and the next is readable", async () => {
    const records = [{ id: "first" }, { id: "zweite Zeile: é, 日本" }, { id: '"quoted"\n' }];
    const whole = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        writeFileSync(path, whole);
        truncateSync(path, length);
        const file = await openJsonLines(path);
        await file.append({ id: "next" });
        await file.close();
        const cut = whole.subarray(0, length);
        // A line that lacks only its line break is whole.
        const kept = records.filter((_, index) => isWhole(cut, records.slice(0, index + 1)));
        expect((await read()).found.map(([, id]) => id)).toEqual([...kept.map(({ id }) => id), "next"]);
      }),
      { numRuns: 60 },
    );
  });

  it("cuts a torn line that is longer than what it reads at a time", async () => {
    writeFileSync(path, `{"id":"a"}\n{"id":"${"x".repeat(200_000)}`);
    await (await openJsonLines(path)).close();
    expect(readFileSync(path, "utf8")).toBe('{"id":"a"}\n');
  });

  it("ends a torn line of a shared file, where it may be another process's", async () => {
    writeFileSync(path, '{"id":"a"}\n{"id":');
    const file = await openJsonLines(path, { shared: true });
    await file.append({ id: "b" });
    await file.close();
    const { found, skipped } = await read({ onBroken: "skip" });
    expect(found).toEqual([
      [1, "a"],
      [3, "b"],
    ]);
    expect(skipped).toEqual([expect.stringContaining(`${path}:2`)]);
  });

  it("leaves a file that is no JSON Lines as it is", async () => {
    writeFileSync(path, "# Notes\nthe last words");
    await expect(openJsonLines(path)).rejects.toMatchObject({ code: "invalid-input" });
    expect(readFileSync(path, "utf8")).toBe("# Notes\nthe last words");
  });

  it("says why it cannot write", async () => {
    await expect(openJsonLines(join(path, "deeper.jsonl"))).rejects.toMatchObject({
      code: "output-failed",
      message: expect.stringContaining("its folder does not exist"),
    });
    expect(existsSync(path)).toBe(false);
  });

  it.runIf(existsSync("/dev/full"))("says that the disk is full, and goes on when there is room", async () => {
    const file = await openJsonLines("/dev/full", { shared: true });
    await expect(file.append({ id: "a" })).rejects.toMatchObject({ message: expect.stringContaining("disk is full") });
    await expect(file.append({ id: "b" })).rejects.toMatchObject({ code: "output-failed" });
  });
});

function isWhole(cut: Buffer, records: readonly unknown[]): boolean {
  const text = records.map((record) => JSON.stringify(record)).join("\n");
  return cut.length >= Buffer.byteLength(text);
}

describe("readJsonLines", () => {
  it("names file, line and fault of a broken line, and skips it or stops there as asked", async () => {
    writeFileSync(path, '{"id":"a"}\n\n{"id":5}\n{"id":"b"}\n{oops\n[1]\n{"id":"c","more":1}\n');
    const { found, skipped } = await read({ onBroken: "skip" });
    expect(found).toEqual([
      [1, "a"],
      [4, "b"],
      [7, "c"],
    ]);
    expect(skipped).toHaveLength(3);
    expect(skipped[0]).toMatch(new RegExp(`^Expected a record at ${path}:3 but id: .*string`));
    expect(skipped[1]).toMatch(new RegExp(`^Expected a record at ${path}:5 but .*JSON`));
    expect(skipped[2]).toMatch(new RegExp(`^Expected a record at ${path}:6 but `));
    await expect(read()).rejects.toMatchObject({ code: "invalid-input", message: skipped[0] });
  });

  it("tells bytes that are no UTF-8", async () => {
    writeFileSync(path, Buffer.from([0x22, 0xff, 0x22, 0x0a]));
    expect((await read({ onBroken: "skip" })).skipped[0]).toContain(`${path}:1 holds the byte 0xff`);
  });

  it("passes over the unfinished last line of a file that grows, and no other", async () => {
    writeFileSync(path, '{"id":"a"}\n{"id":');
    expect(await read({ growing: true })).toEqual({ found: [[1, "a"]], skipped: [] });
    await expect(read()).rejects.toThrow("ends in the middle");
    appendFileSync(path, '\n{"id":"b"}');
    await expect(read({ growing: true })).rejects.toThrow(`${path}:2`);
    const { found } = await read({ growing: true, onBroken: "skip" });
    expect(found.at(-1)).toEqual([3, "b"]);
  });

  it("says that there is no such file", async () => {
    await expect(read()).rejects.toMatchObject({ code: "input-not-found" });
  });
});
