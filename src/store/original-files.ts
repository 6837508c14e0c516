import { BrevisError } from "../errors.js";
import { authenticate, idOfHmac } from "./store-key.js";
import { decodeText, type EncodedText, type TextEncoding } from "./text-bytes.js";

/** What the index of the cache holds beside the hash of the content. */
interface Metadata {
  readonly hmac: string;
  readonly encoding: TextEncoding;
}

/** Whole originals: content-addressed files with an index by id (cacache). */
export class OriginalFiles {
  readonly #folder: string;
  readonly #key: Buffer;
  readonly #maxAgeMs: number;

  constructor(folder: string, key: Buffer, maxAgeMs: number) {
    this.#folder = folder;
    this.#key = key;
    this.#maxAgeMs = maxAgeMs;
  }

  /** @returns the id under which the text is kept */
  async put(text: EncodedText): Promise<string> {
    const { bytes, encoding } = text;
    const cacache = await loadCacache();
    const metadata: Metadata = { hmac: authenticate(this.#key, text), encoding };
    const id = idOfHmac(metadata.hmac);
    const existing = await cacache.get.info(this.#folder, id);
    if (existing !== null && (existing.metadata as Metadata).hmac !== metadata.hmac) {
      throw new BrevisError("store-corrupt", `Expected the id ${id} to be free but another text has it.`);
    }
    const put = () => cacache.put(this.#folder, id, bytes, { metadata });
    const integrity = String(await put());
    const found = await cacache.get.hasContent(this.#folder, integrity);
    if (found && found.size === bytes.length) return id;
    // Another process evicted the content meanwhile, or a crash cut it short: neither would be written over.
    await cacache.rm.content(this.#folder, integrity);
    await put();
    return id;
  }

  /** The text behind an id; undefined where there is none, or none any longer. */
  async get(id: string): Promise<string | undefined> {
    if (!/^\d+$/u.test(id)) return undefined;
    const cacache = await loadCacache();
    const entry = await cacache.get.info(this.#folder, id);
    if (entry === null || entry.time + this.#maxAgeMs < Date.now()) return undefined;
    const bytes = await this.#readContent(id, entry.integrity);
    if (bytes === undefined) return undefined;
    const { encoding } = entry.metadata as Metadata;
    const isKnown = encoding === "utf8" || encoding === "utf16le";
    if (!isKnown || idOfHmac(authenticate(this.#key, { bytes, encoding })) !== id) throw corrupt(this.#folder, id);
    return decodeText(bytes, encoding);
  }

  /** Remembers that a text of this id is no original. */
  async markCompressed(id: string): Promise<void> {
    const cacache = await loadCacache();
    await cacache.put(this.#folder, markOf(id), markOf(id));
  }

  async isMarkedCompressed(id: string): Promise<boolean> {
    const cacache = await loadCacache();
    const entry = await cacache.get.info(this.#folder, markOf(id));
    return entry !== null && entry.time + this.#maxAgeMs >= Date.now();
  }

  async #readContent(id: string, integrity: string): Promise<Buffer | undefined> {
    const cacache = await loadCacache();
    try {
      return await cacache.get.byDigest(this.#folder, integrity);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return undefined;
      if (code !== "EINTEGRITY" && code !== "EBADSIZE") throw error;
      throw corrupt(this.#folder, id, error);
    }
  }
}

/** No id has this form, so that no mark is taken for an original. */
function markOf(id: string): string {
  return `compressed ${id}`;
}

function corrupt(folder: string, id: string, cause?: unknown): BrevisError {
  return new BrevisError(
    "store-corrupt",
    `Expected the original ${id} as it was kept but its file in ${folder} was altered.`,
    {
      hint: "It cannot be restored. Compress the source again to keep it anew.",
      cause,
    },
  );
}

/** Loaded on first use: opening a store and computing ids need none of it. */
async function loadCacache() {
  return (await import("cacache")).default;
}
