// Programs that are compiled for ES2022 have no disposables of their own.
/// <reference lib="esnext.disposable" preserve="true" />

import { createHash } from "node:crypto";
import { compress } from "../compress/compress.js";
import { loadTokenCounter } from "../engine/tokens/load-token-counter.js";
import { BrevisError } from "../errors.js";
import { encodeText } from "../store/text-bytes.js";
import { createIndex, type MemoryIndex } from "./memory-index.js";
import { packMemories } from "./pack-memories.js";
import { rankMemories } from "./rank-memories.js";
import { type Containment, containsStatements } from "./statement-index.js";
import { openSqliteStore } from "./stores/sqlite-store.js";
import type {
  AddedMemory,
  AddOptions,
  Memory,
  MemoryOptions,
  MemoryRecord,
  MemoryStats,
  MemoryStore,
  PackedMemories,
  PackOptions,
} from "./types.js";

const thirtyDays = 30 * 24 * 3600 * 1000;

/**
 * Opens an agent's memory: each text is compressed once, when it is written, and its bytes never change after that, so that prompts which
 * show it stay in the provider's cache; the most relevant ones are packed into a token budget; any of them is given back byte for byte.
 *
 * @throws {BrevisError} `invalid-option`, and what opening the store throws
 */
export async function openMemory(options: MemoryOptions = {}): Promise<Memory> {
  const { halfLife = thirtyDays, merge = true } = options;
  if (!(halfLife > 0)) throw expected("halfLife", "a number of milliseconds above 0", halfLife);
  const store = options.store ?? (await openSqliteStore(options.path ?? "memory.db"));
  const index = createIndex(store);
  const packs = { count: 0, packed: 0, uncompressed: 0 };
  const close = () => store.close();
  return {
    async add(text, { at, pinned = false, metadata = {} } = {}) {
      if (typeof text !== "string") throw expected("text", "a string", text);
      return writeRecord(text, { at: timeOf(at), pinned, metadata }, { ...options, merge }, { store, index });
    },
    async pack(query, packOptions) {
      await index.refresh();
      const packed = await pack(query, packOptions, { ...options, halfLife }, index);
      packs.count++;
      packs.packed += packed.tokens.packed;
      packs.uncompressed += packed.tokens.uncompressed;
      return packed;
    },
    async expand(id) {
      const original = await store.readOriginal(id);
      if (original === undefined) throw unknown(id);
      return original;
    },
    async pin(id, pinned = true) {
      if (!(await store.update(id, { pinned }))) throw unknown(id);
    },
    async forget(id) {
      await index.refresh();
      // What was merged into it says nothing else: forgotten means all of it.
      for (const merged of listMerged(id, index)) await store.remove(merged);
      if (!(await store.remove(id))) throw unknown(id);
    },
    async stats() {
      await index.refresh();
      return { ...countRecords([...index.records.values()]), packs: { ...packs } };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function writeRecord(
  text: string,
  { at, pinned, metadata }: Required<AddOptions> & { at: number },
  { merge, embed, ...options }: MemoryOptions,
  { store, index }: { store: MemoryStore; index: MemoryIndex },
): Promise<AddedMemory> {
  const shown = await shorten(text, options);
  await index.refresh();
  const container = merge ? await findContainer(text, { store, index }) : undefined;
  const intoOld = container?.fuller === "old" && !pinned ? { mergedInto: container.id } : {};
  const embedding = embed === undefined ? {} : { embedding: await embedText(embed, text) };
  const { record, existed } = await store.insert({
    hash: createHash("sha256").update(encodeText(text).bytes).digest("hex"),
    at,
    pinned,
    ...shown,
    original: text,
    metadata,
    ...intoOld,
    ...embedding,
  });
  if (!existed && container?.fuller === "new") await store.update(container.id, { mergedInto: record.id });
  return {
    id: record.mergedInto ?? record.id,
    tokens: record.tokens,
    outcome: existed ? "known" : record.mergedInto === undefined ? "added" : "merged",
  };
}

/** A memory that may be merged with a text: one that is not pinned, and says all of it or nothing else. */
async function findContainer(
  text: string,
  { store, index }: { store: MemoryStore; index: MemoryIndex },
): Promise<Containment | undefined> {
  const found = index.statements.find(text, (id) => index.records.get(id)?.pinned === false);
  const original = found && (await store.readOriginal(found.id));
  if (found === undefined || original === undefined) return undefined;
  const isTrue = found.fuller === "old" ? containsStatements(original, text) : containsStatements(text, original);
  return isTrue ? found : undefined;
}

/** What prompts show of a text, and its tokens. */
async function shorten(
  text: string,
  { compress: options, leastTokens = 64 }: MemoryOptions,
): Promise<Pick<MemoryRecord, "text" | "tokens">> {
  const counter = await loadTokenCounter(options?.target);
  const original = counter.count(text);
  if (original < leastTokens) return { text, tokens: { original, stored: original } };
  const { text: shortened, tokens } = await compress(text, { dictionary: "off", ...options });
  return { text: shortened, tokens: { original: tokens.original, stored: tokens.compressed } };
}

async function pack(
  query: string,
  { budget, at, target, where }: PackOptions,
  { embed, halfLife }: MemoryOptions & { halfLife: number },
  index: MemoryIndex,
): Promise<PackedMemories> {
  if (!Number.isInteger(budget) || budget < 0) throw expected("budget", "a whole number of tokens", budget);
  const counter = await loadTokenCounter(target);
  const chosen = [...index.records.values()].filter(
    (record) => record.mergedInto === undefined && (where === undefined || where(record.metadata)),
  );
  const embedding = embed === undefined ? {} : { embedding: await embedText(embed, query) };
  return packMemories(rankMemories(index, chosen, { query, at: timeOf(at), halfLife, ...embedding }), budget, counter);
}

/** Memories that were merged into one, straight or through others. */
function listMerged(id: string, index: MemoryIndex): string[] {
  const own = [...index.records.values()].filter(({ mergedInto }) => mergedInto === id).map((record) => record.id);
  return own.flatMap((merged) => [...listMerged(merged, index), merged]);
}

async function embedText(embed: NonNullable<MemoryOptions["embed"]>, text: string): Promise<Float32Array> {
  const [vector] = await embed([text]);
  if (vector === undefined) throw expected("embed", "a function that gives one vector for each text", vector);
  return Float32Array.from(vector);
}

function countRecords(records: readonly MemoryRecord[]): Omit<MemoryStats, "packs"> {
  const merged = records.filter(({ mergedInto }) => mergedInto !== undefined).length;
  const sum = (part: "original" | "stored") => records.reduce((total, { tokens }) => total + tokens[part], 0);
  return {
    items: records.length - merged,
    merged,
    tokens: { original: sum("original"), stored: sum("stored") },
  };
}

function timeOf(at: Date | number | undefined): number {
  const time = at === undefined ? Date.now() : Number(at);
  if (!Number.isFinite(time)) throw expected("at", "a Date or milliseconds since 1970", at);
  return Math.round(time);
}

function expected(name: string, what: string, received: unknown): BrevisError {
  return new BrevisError("invalid-option", `Expected ${name} to be ${what} but received ${String(received)}.`);
}

function unknown(id: string): BrevisError {
  return new BrevisError("unknown-id", `Expected the id of a memory but there is none "${id}".`, {
    hint: "Ids are those that add gave and packed texts show: m1, m2, ...",
  });
}
