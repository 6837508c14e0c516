import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { captureFolder } from "../../src/capture/capture-folder.js";
import { readCapturedInputs } from "../../src/capture/captured-input.js";
import { clearCapture, listCaptured, rememberExport } from "../../src/capture/clear-capture.js";
import { openCapture } from "../../src/capture/open-capture.js";
import { compress } from "../../src/compress/compress.js";
import { createCompressor } from "../../src/compress/create-compressor.js";
import type { CompressResult } from "../../src/compress/types.js";
import { openMemory } from "../../src/memory/open-memory.js";
import { readEverything } from "./read-everything.js";
import { encodings, planted, readAll } from "./redact/plant-secrets.js";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-capture-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const result = { kind: "prose", rate: 0.5, tokens: { original: 9 } } as CompressResult;
const sentence = (at: number) =>
  `Pump ${at} of the north hall was replaced on day ${at}, since its bearing had worn out again.`;

async function readAllInputs(folder: string) {
  const inputs = [];
  for await (const input of readCapturedInputs(folder)) inputs.push(input);
  return inputs;
}

describe("openCapture", () => {
  it("writes what compress(), a compressor and a memory are given, once each, for its user alone", async () => {
    const folder = makeFolder();
    const capture = openCapture({ folder });
    await compress(sentence(1), { capture });
    const compressor = createCompressor({ capture });
    await compressor.compress(sentence(2), { rate: 0.7 });
    const messages = [{ role: "user", content: sentence(3) }];
    for (let turn = 0; turn < 2; turn++) await compressor.compressMessages(messages, { minTokens: 1 });
    const memory = await openMemory({ path: ":memory:", leastTokens: 1, compress: { capture } });
    await memory.add(sentence(1));
    await memory.add(sentence(4));
    await memory.close();
    await capture.close();
    const inputs = await readAllInputs(folder);
    expect(inputs.map(({ text }) => text)).toEqual([1, 2, 3, 4].map(sentence));
    expect(inputs[1]).toMatchObject({ kind: "prose", replaced: {} });
    expect(inputs[1]!.tokens).toBeGreaterThan(10);
    if (process.platform !== "win32") {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      const [name] = readdirSync(join(folder, "inputs"));
      expect(statSync(join(folder, "inputs", name!)).mode & 0o777).toBe(0o600);
    }
  });

  it("never lets a planted secret reach the disk, in whatever pieces a text comes and however it is escaped", async () => {
    const law = fc.asyncProperty(
      fc.array(fc.tuple(planted, fc.constantFrom(...Object.keys(encodings))), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (secrets, pieces) => {
        const folder = mkdtempSync(join(tmpdir(), "brevis-capture-"));
        const capture = openCapture({ folder });
        const parts = secrets.map(([{ written }, name]) => encodings[name]!(`note\n${written}\nend`));
        // As so many texts, some of which hold several secrets.
        for (let at = 0; at < parts.length; at += pieces)
          capture.record(parts.slice(at, at + pieces).join("\n"), result);
        await capture.close();
        const onDisk = readEverything(folder);
        rmSync(folder, { recursive: true });
        expect(capture.counts).toEqual({ written: Math.ceil(parts.length / pieces), passedOver: 0 });
        for (const level of readAll(onDisk)) for (const [{ secret }] of secrets) expect(level).not.toContain(secret);
      },
    );
    await fc.assert(law, { numRuns: 120 });
  }, 60_000);

  it("captures a share, the same texts each time", async () => {
    const texts = Array.from({ length: 400 }, (_, at) => sentence(at));
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const folder = makeFolder();
        const capture = openCapture({ folder, share: 0.25 });
        for (const text of texts) {
          capture.record(text, result);
          await capture.flush();
        }
        await capture.close();
        return (await readAllInputs(folder)).map(({ text }) => text);
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]!.length).toBeGreaterThan(70);
    expect(runs[0]!.length).toBeLessThan(130);
  });

  it("stays within its bound, the oldest going first, and passes over what is too long", async () => {
    const folder = makeFolder();
    const capture = openCapture({ folder, maxBytes: 16_000, maxLength: 500 });
    for (let at = 0; at < 200; at++) {
      capture.record(sentence(at), result);
      await capture.flush();
    }
    capture.record("long ".repeat(200), result);
    await capture.close();
    const bytes = (await listCaptured(folder)).reduce((sum, file) => sum + file.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(16_000);
    const kept = (await readAllInputs(folder)).map(({ text }) => text);
    expect(kept.at(-1)).toBe(sentence(199));
    expect(kept).not.toContain(sentence(0));
    expect(kept.length).toBeGreaterThan(30);
    expect(capture.counts.passedOver).toBe(1);
  });

  it("fails no call: a folder that cannot be made is told of", async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "file"), "");
    const errors: unknown[] = [];
    const capture = openCapture({ folder: join(folder, "file", "inner"), onError: (error) => errors.push(error) });
    expect((await compress(sentence(1), { capture })).decision).toBe("compressed");
    await capture.close();
    expect([errors.length, capture.counts]).toEqual([1, { written: 0, passedOver: 1 }]);
    const throwing = { record: () => expect.unreachable() };
    expect((await compress(sentence(1), { capture: throwing })).decision).toBe("compressed");
    await expect(compress(sentence(1), { capture: {} as never })).rejects.toMatchObject({ code: "invalid-option" });
    expect(() => openCapture({ share: 2 })).toThrow("Option share");
  });

  it("lies in BREVIS_HOME, else in the user's data folder", () => {
    expect(captureFolder({ BREVIS_HOME: "/b" })).toBe(join("/b", "captured"));
    expect(captureFolder({ XDG_DATA_HOME: "/d" }, "linux")).toBe(join("/d", "brevis", "captured"));
  });
});

describe("clearCapture", () => {
  it("deletes all that was made, names what it left, and touches nothing else", async () => {
    const folder = makeFolder();
    const elsewhere = join(makeFolder(), "pairs.jsonl");
    writeFileSync(elsewhere, "{}\n");
    writeFileSync(join(folder, "mine.txt"), "mine");
    writeFileSync(join(folder, "proposals.jsonl"), "{}\n");
    const capture = openCapture({ folder });
    capture.record(sentence(1), result);
    await capture.flush();
    await rememberExport(folder, elsewhere);
    await rememberExport(folder, elsewhere);
    const { deleted, left } = await clearCapture(folder);
    expect(deleted).toHaveLength(3);
    expect(deleted.every(({ path, bytes }) => bytes > 0 && !existsSync(path))).toBe(true);
    expect(left).toEqual([elsewhere]);
    expect(readdirSync(folder)).toEqual(["mine.txt"]);
    // What is captured from now on is there again.
    capture.record(sentence(2), result);
    await capture.close();
    expect((await readAllInputs(folder)).map(({ text }) => text)).toEqual([sentence(2)]);
    await rememberExport(folder, elsewhere);
    expect((await clearCapture(folder, { withExports: true })).left).toEqual([]);
    expect([existsSync(elsewhere), readFileSync(join(folder, "mine.txt"), "utf8")]).toEqual([false, "mine"]);
  });
});
