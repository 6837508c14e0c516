/** The types of `brevis/memory`: what an agent remembers, compressed once, packed into a token budget, and given back byte for byte. */
import type { CompressOptions } from "../compress/types.js";

/** What a memory may carry beside its text: plain JSON. */
export type Metadata = Readonly<Record<string, unknown>>;

/** One remembered text as a store keeps it. */
export interface MemoryRecord {
  /** `m1`, `m2`, ... in the order of writing: short, because it stands in prompts. */
  readonly id: string;
  /** Rises with every change that a store takes: what was read up to here need not be read again. */
  readonly sequence: number;
  /** SHA-256 of the original, in hexadecimal: the same text is kept once. */
  readonly hash: string;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
  readonly pinned: boolean;
  /** What prompts show. Never changes. */
  readonly text: string;
  readonly tokens: { readonly original: number; readonly stored: number };
  /** The memory that says all that this one says: this one is no longer packed. */
  readonly mergedInto?: string;
  readonly metadata: Metadata;
  /** What `embed` gave for the original. */
  readonly embedding?: Float32Array;
}

/** A record on its way into a store, which gives it `id` and `sequence`. */
export type NewRecord = Omit<MemoryRecord, "id" | "sequence"> & { readonly original: string };

/** What of a record can change after it was written. */
export type RecordChange = { readonly pinned: boolean } | { readonly mergedInto: string };

/** A change that a store tells of: a record as it is now, with its original, or the end of one. */
export type StoreChange =
  | { readonly sequence: number; readonly record: MemoryRecord; readonly original: string }
  | { readonly sequence: number; readonly forgotten: string };

/**
 * Where memories lie. Any database will do that can write a row, change one, and list rows by a number that rises. Several processes may
 * share a store: each learns of what the others wrote through `readChanges`.
 */
export interface MemoryStore {
  /** Writes a record, or gives the one that has the same hash already. */
  insert(record: NewRecord): Promise<{ readonly record: MemoryRecord; readonly existed: boolean }>;
  /** @returns false when there is no such record */
  update(id: string, change: RecordChange): Promise<boolean>;
  /** Forgets a record for good, its original too. @returns false when there is no such record */
  remove(id: string): Promise<boolean>;
  /** What was written, changed or forgotten after `sequence`, in order. */
  readChanges(sequence: number): Promise<readonly StoreChange[]>;
  /** The original of a record, every code unit of it. */
  readOriginal(id: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Turns texts into vectors of one length: a provider's embeddings, or a local model's. */
export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[] | Float32Array)[]>;

/** What `openMemory` takes, all optional. */
export interface MemoryOptions {
  /** The SQLite file; `memory.db` in the working directory by default. `:memory:` keeps nothing. */
  readonly path?: string;
  /** Another store, in place of the file: `openPostgresStore`, or one of the application's own. */
  readonly store?: MemoryStore;
  /** How memories are compressed when they are written: options of `compress`. `dictionary` is off unless it is named here. */
  readonly compress?: CompressOptions;
  /** Shorter texts are kept as they are: a note of one or two sentences is all fact. Tokens; 64 by default. */
  readonly leastTokens?: number;
  readonly embed?: Embed;
  /** Age at which a memory counts half as much as a new one, in milliseconds; 30 days by default. `Infinity` lets age not count. */
  readonly halfLife?: number;
  /** Whether a memory that another one says in full is merged into it; true by default. */
  readonly merge?: boolean;
}

/** What `add` takes beside the text. */
export interface AddOptions {
  /** When it happened: a Date or milliseconds since 1970. Now by default. */
  readonly at?: Date | number;
  /** Pinned memories are packed before all others. */
  readonly pinned?: boolean;
  readonly metadata?: Metadata;
}

/** What `add` did. */
export interface AddedMemory {
  readonly id: string;
  readonly tokens: { readonly original: number; readonly stored: number };
  /** `known`: the same text was there. `merged`: an older memory says all of it already, and is packed in its place. */
  readonly outcome: "added" | "known" | "merged";
}

/** What `pack` takes beside the query. */
export interface PackOptions {
  /** The largest number of tokens that the packed text may have. */
  readonly budget: number;
  /** The clock that ages are counted from; now by default. */
  readonly at?: Date | number;
  /** The model that will read the text: chooses the tokenizer of the count. */
  readonly target?: string;
  /** Only memories for which this holds. */
  readonly where?: (metadata: Metadata) => boolean;
}

/** One memory in a packed text. */
export interface PackedItem {
  readonly id: string;
  readonly text: string;
  readonly at: number;
  readonly pinned: boolean;
  /** Relevance times freshness: comparable within one pack alone. */
  readonly score: number;
  readonly metadata: Metadata;
}

/** Memories chosen for a query. */
export interface PackedMemories {
  /** Lines of `[m17] text`, oldest first; empty where nothing was chosen. */
  readonly text: string;
  readonly items: readonly PackedItem[];
  /** Of `text`; `uncompressed` is what the originals of the same items would take. */
  readonly tokens: { readonly packed: number; readonly uncompressed: number };
  /** Memories that matched the query and did not fit, best first: `expand` gives them. */
  readonly left: readonly string[];
  /** Pinned memories that did not fit: the budget is too small for what was said to be always there. */
  readonly pinnedLeft: readonly string[];
}

/** What a memory holds and saves. */
export interface MemoryStats {
  /** Memories that `pack` may choose. */
  readonly items: number;
  readonly merged: number;
  /** Of `items` and merged ones: what was given, and what is kept to be packed. */
  readonly tokens: { readonly original: number; readonly stored: number };
  /** Since this memory was opened: packs made, their tokens, and the tokens of the same items' originals. */
  readonly packs: { readonly count: number; readonly packed: number; readonly uncompressed: number };
}

/** An agent's memory; see `openMemory`. */
export interface Memory {
  /** Remembers a text: compresses it once, keeps the original, and gives the id that stands for it in prompts. */
  add(text: string, options?: AddOptions): Promise<AddedMemory>;
  /** The most relevant memories within a token budget. */
  pack(query: string, options: PackOptions): Promise<PackedMemories>;
  /** The original of a memory, byte for byte. @throws {BrevisError} `unknown-id` */
  expand(id: string): Promise<string>;
  /** @throws {BrevisError} `unknown-id` */
  pin(id: string, pinned?: boolean): Promise<void>;
  /** Forgets a memory for good, with those that were merged into it. @throws {BrevisError} `unknown-id` */
  forget(id: string): Promise<void>;
  stats(): Promise<MemoryStats>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
