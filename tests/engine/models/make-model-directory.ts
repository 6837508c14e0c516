import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const root = join(import.meta.dirname, "..", "..");
/** A tokenizer of 2,048 tokens with a chat template: scripts/goldens/write_tokenizer.py. */
export const tokenizerFixture = join(root, "engine", "text", "fixtures", "qwen-style");

/** A checkpoint of tests/native/fixtures, or an adapter in one of them. */
export function nativeFixture(...names: string[]): string {
  return join(root, "native", "fixtures", ...names);
}

/** A folder that is gone after the test. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "brevis-models-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * The files of a model that the CPU engine runs and that speaks the tokenizer's language: the checkpoint tied-gqa1 with an embedding for each
 * of the tokenizer's tokens, which repeats the checkpoint's 200 rows with other signs.
 */
export function makeModelFiles(): Map<string, Buffer> {
  const files = readFiles(tokenizerFixture);
  files.delete("goldens.json");
  const checkpoint = readFiles(nativeFixture("tied-gqa1"));
  const config = JSON.parse(checkpoint.get("config.json")!.toString("utf8"));
  files.set("config.json", Buffer.from(JSON.stringify({ ...config, vocab_size: 2048 })));
  files.set("model.safetensors", widenEmbedding(checkpoint.get("model.safetensors")!, 2048));
  return files;
}

/** A directory with the files of makeModelFiles(). */
export function makeModelDirectory(directory = makeTemporaryFolder()): string {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of makeModelFiles()) writeFileSync(join(directory, name), content);
  return directory;
}

/** The files of a directory, without those in folders below it. */
export function readFiles(directory: string): Map<string, Buffer> {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(entries.map(({ name }) => [name, readFileSync(join(directory, name))]));
}

function widenEmbedding(file: Buffer, rows: number): Buffer {
  const name = "model.embed_tokens.weight";
  const dataStart = 8 + Number(file.readBigUInt64LE());
  const header: Record<string, { shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    file.toString("utf8", 8, dataStart),
  );
  const widened: typeof header = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor === "__metadata__") continue;
    let data = file.subarray(dataStart + entry.data_offsets[0], dataStart + entry.data_offsets[1]);
    let shape = entry.shape;
    if (tensor === name) {
      data = repeatRows(data, shape[0]!, shape[1]!, rows);
      shape = [rows, shape[1]!];
    }
    widened[tensor] = { ...entry, shape, data_offsets: [offset, offset + data.length] };
    parts.push(data);
    offset += data.length;
  }
  const text = Buffer.from(JSON.stringify(widened));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}

/** Row r is row r % count, with the sign of a column turned by the bits of r / count. */
function repeatRows(data: Buffer, count: number, columns: number, rows: number): Buffer {
  const source = new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const turned = Math.floor(row / count);
    for (let column = 0; column < columns; column++) {
      const sign = (turned >> (column % 4)) & 1 ? -1 : 1;
      result[row * columns + column] = sign * source[(row % count) * columns + column]!;
    }
  }
  return Buffer.from(result.buffer);
}
