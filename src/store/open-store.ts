import { isCompressedText } from "../compress/text/compressed-text.js";
import type { OriginalsStore } from "../compress/types.js";
import { BrevisError } from "../errors.js";
import { Evictor, type StoreBounds } from "./evict-originals.js";
import { OriginalFiles } from "./original-files.js";
import { SliceLog } from "./slice-log.js";
import { authenticate, idOfHmac, loadStoreKey } from "./store-key.js";
import { defaultStorePath } from "./store-path.js";
import { encodeText } from "./text-bytes.js";

/** Where a store is, and how much it keeps for how long. */
export interface StoreOptions {
  /** The store's folder, made when it is not there. BREVIS_STORE, or a folder in the user's data folder, by default. */
  path?: string;
  /** The most bytes that the store takes, 1 GiB by default; the oldest originals go first. */
  maxBytes?: number;
  /** Milliseconds after which an original is forgotten, 30 days by default. */
  maxAgeMs?: number;
}

/** A store on disk, as `openStore` gives it. */
export interface DiskStore extends Required<OriginalsStore> {
  /** Its folder. */
  readonly path: string;
}

const defaultBounds: StoreBounds = { maxBytes: 2 ** 30, maxAgeMs: 30 * 24 * 60 * 60 * 1000 };

/**
 * Opens the store of originals in a folder: content-addressed, shared by processes, there after a restart.
 *
 * Ids are HMACs under a key that only this store has, shortened to 12 digits; what is read is checked against its hash
 * and its id, so that an altered or foreign original is never given back. What was killed while writing leaves nothing.
 * A text that is itself a result of brevis is refused as an original: one that begins with a legend line, carries an
 * omission marker with an id of this store, or is what a text in this store was compressed to. The folder is open to its user alone (0700).
 *
 * @param options the folder and the bounds, in bytes and milliseconds
 * @throws {BrevisError} `invalid-option`, `store-corrupt` for a damaged key, `output-failed` where nothing can be kept
 */
export function openStore(options: StoreOptions = {}): DiskStore {
  const path = options.path ?? defaultStorePath();
  const bounds = readBounds(options);
  const key = loadStoreKey(path);
  const slices = new SliceLog(path);
  const originals = new OriginalFiles(path, key, bounds.maxAgeMs);
  const evictor = new Evictor(path, bounds, slices);
  const idOf = (text: string) => idOfHmac(authenticate(key, encodeText(text)));

  const store: DiskStore = {
    path,
    idOf,
    put: (text) => keep(text, []),
    async putResult({ source, slices: spans, compressed }) {
      const [sourceId] = await Promise.all([keep(source, spans), originals.markCompressed(idOf(compressed))]);
      return sourceId;
    },
    isCompressed: (text) => originals.isMarkedCompressed(idOf(text)),
    async get(id) {
      const text = (await originals.get(id)) ?? (await findSlice(id));
      if (text !== undefined) return text;
      throw new BrevisError("unknown-id", `Expected the id of an original in ${path} but received ${id}.`, {
        hint: "It may be of another store, or forgotten: a store keeps originals for a time, and up to a size.",
      });
    },
  };

  async function keep(text: string, spans: readonly { start: number; end: number }[]): Promise<string> {
    if (await isCompressedText(text, store)) throw refusal("a text that brevis compressed");
    const encoded = encodeText(text);
    if (encoded.bytes.length > bounds.maxBytes) {
      throw refusal(`${encoded.bytes.length} bytes, more than the ${bounds.maxBytes} that the store may take`);
    }
    const sourceId = await originals.put(encoded);
    const kept = spans.map(({ start, end }) => ({ id: idOf(text.slice(start, end)), sourceId, start, end }));
    const written = await slices.append(kept);
    await evictor.afterWriting(encoded.bytes.length + written);
    return sourceId;
  }

  async function findSlice(id: string): Promise<string | undefined> {
    for (const { sourceId, start, end } of await slices.find(id)) {
      const slice = (await originals.get(sourceId))?.slice(start, end);
      if (slice === undefined) continue;
      if (idOf(slice) === id) return slice;
      throw new BrevisError("store-corrupt", `Expected the text of ${id} but ${path} holds another under that id.`);
    }
    return undefined;
  }

  return store;
}

function refusal(received: string): BrevisError {
  return new BrevisError("invalid-input", `Expected an original to keep but received ${received}.`);
}

function readBounds({
  maxBytes = defaultBounds.maxBytes,
  maxAgeMs = defaultBounds.maxAgeMs,
}: StoreOptions): StoreBounds {
  for (const [name, value] of Object.entries({ maxBytes, maxAgeMs })) {
    if (typeof value === "number" && value > 0) continue;
    throw new BrevisError("invalid-option", `Option ${name}: expected a number above 0 but received ${value}.`);
  }
  return { maxBytes, maxAgeMs };
}
