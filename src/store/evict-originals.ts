import { appendFile, open, readdir, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SliceLog } from "./slice-log.js";

/** The options of this call are missing in its published type: with them the line goes, without them one is added. */
type RemoveEntry = (folder: string, key: string, options: { removeFully: boolean }) => Promise<unknown>;

/** What bounds a store. */
export interface StoreBounds {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** About what an entry takes on the disk beside its text: its file in the index, and what blocks leave empty. */
const entryOverhead = 8192;
/** Share of `maxBytes` that an eviction leaves, and that may be written before the next. */
const roomShare = 0.1;
const dayMs = 24 * 60 * 60 * 1000;
const clockLagMs = 1000;
const staleLockMs = 10 * 60 * 1000;

/**
 * Counts what processes write, and evicts when a tenth of the bound was written since the last time, or a day has passed.
 * The count is the length of a file, one byte a kilobyte, since appending needs no lock.
 */
export class Evictor {
  readonly #folder: string;
  readonly #bounds: StoreBounds;
  readonly #slices: SliceLog;

  constructor(folder: string, bounds: StoreBounds, slices: SliceLog) {
    this.#folder = folder;
    this.#bounds = bounds;
    this.#slices = slices;
  }

  /** Call after each write of `bytes`. */
  async afterWriting(bytes: number): Promise<void> {
    const growthPath = join(this.#folder, "growth");
    await appendFile(growthPath, "+".repeat(Math.ceil((bytes + entryOverhead) / 1024)), { mode: 0o600 });
    const growth = await stat(growthPath);
    const last = await stat(join(this.#folder, "evicted")).catch(() => undefined);
    const pause = Math.min(dayMs, this.#bounds.maxAgeMs);
    // The first process in a folder has nothing to evict but what it wrote itself.
    const isLate = Date.now() - (last?.mtimeMs ?? growth.birthtimeMs) > pause;
    if (growth.size * 1024 > this.#bounds.maxBytes * roomShare || isLate) await this.#evictAlone(growthPath);
  }

  /** One process evicts at a time; the others go on, since each looks again after its next write. */
  async #evictAlone(growthPath: string): Promise<void> {
    const lock = join(this.#folder, "evict.lock");
    const held = await open(lock, "wx").catch(() => undefined);
    if (held === undefined) {
      const found = await stat(lock).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > staleLockMs) await rm(lock, { force: true });
      return;
    }
    try {
      await truncate(growthPath, 0);
      await this.#evict();
      await this.#removeLeftovers();
      const stamp = join(this.#folder, "evicted");
      await writeFile(stamp, "", { flag: "a", mode: 0o600 });
      await utimes(stamp, new Date(), new Date());
    } finally {
      await held.close();
      await rm(lock, { force: true });
    }
  }

  /** Expired originals go, then the oldest until the bound is kept with room to spare. */
  async #evict(): Promise<void> {
    const { default: cacache } = await import("cacache");
    const entries = Object.values(await cacache.ls(this.#folder)).sort((a, b) => a.time - b.time);
    const weigh = (entry: { size: number }) => (entry.size ?? 0) + entryOverhead;
    const expiredBefore = Date.now() - this.#bounds.maxAgeMs;
    const bound = this.#bounds.maxBytes * (1 - roomShare);
    let total = entries.reduce((sum, entry) => sum + weigh(entry), await this.#slices.size());
    let oldest = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      // The newest stays: it is what was just put.
      const goes = entry !== entries.at(-1) && (entry.time < expiredBefore || total > bound);
      const current = goes ? await cacache.get.info(this.#folder, entry.key) : null;
      if (current === null || current.time !== entry.time) {
        oldest = Math.min(oldest, entry.time);
        continue;
      }
      await (cacache.rm.entry as RemoveEntry)(this.#folder, entry.key, { removeFully: true });
      await cacache.rm.content(this.#folder, entry.integrity);
      total -= weigh(entry);
    }
    // File times may lag behind the clock that entries take theirs from.
    await this.#slices.removeBefore(Math.max(expiredBefore, oldest) - clockLagMs);
  }

  /** What killed processes left half-written. */
  async #removeLeftovers(): Promise<void> {
    const folder = join(this.#folder, "tmp");
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > dayMs) await rm(path, { recursive: true, force: true });
    }
  }
}
