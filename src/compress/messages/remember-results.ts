import { createHash } from "node:crypto";
import type { CompressOptions, CompressResult } from "../types.js";

const mostResults = 1000;
/** UTF-16 code units of all texts that are remembered. */
const mostLength = 1 << 24;

const results = new Map<string, CompressResult>();
let length = 0;

/** Stores and models, told apart as objects. */
const objectNumbers = new WeakMap<object, number>();
let objects = 0;

/**
 * Runs `compress` once for a text and its options: an application sends its whole history again with each message.
 * What is remembered is what would be computed again, so that forgetting it changes nothing.
 */
export async function rememberResult(
  text: string,
  options: CompressOptions,
  compress: () => Promise<CompressResult>,
): Promise<CompressResult> {
  // A deadline makes results depend on the time that there was.
  if (options.deadlineMs !== undefined) return compress();
  const key = keyOf(text, options);
  const known = results.get(key);
  if (known !== undefined) {
    results.delete(key);
    results.set(key, known);
    return known;
  }
  const result = await compress();
  const isLasting =
    result.decision !== "failed-open" && result.warnings.every(({ code }) => code !== "store-unavailable");
  if (isLasting) remember(key, result);
  return result;
}

function remember(key: string, result: CompressResult): void {
  if (results.has(key)) return;
  results.set(key, result);
  length += result.text.length;
  for (const [oldest, { text }] of results) {
    if (results.size <= mostResults && length <= mostLength) break;
    results.delete(oldest);
    length -= text.length;
  }
}

function keyOf(text: string, { signal: _, capture: __, store, model, mustKeep, ...options }: CompressOptions): string {
  const patterns = mustKeep?.map((pattern) =>
    typeof pattern === "string" ? ["text", pattern] : ["re", String(pattern)],
  );
  const settings = JSON.stringify([
    store === undefined ? 0 : numberOf(store),
    typeof model === "object" ? numberOf(model) : (model ?? ""),
    patterns,
    Object.entries(options).sort(),
  ]);
  return createHash("sha256").update(settings).update("\0").update(Buffer.from(text, "utf16le")).digest("base64");
}

function numberOf(object: object): number {
  const known = objectNumbers.get(object);
  if (known !== undefined) return known;
  objectNumbers.set(object, ++objects);
  return objects;
}
