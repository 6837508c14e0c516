import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { LRUCache } from "lru-cache";
import { findAdapter, identifyAdapter } from "../../engine/models/installed-adapters.js";
import type { ServeConfiguration } from "../configuration/configuration-schema.js";
import { OverloadError } from "../http/request-error.js";
import { createInlineRunner, type JobRunner } from "./inline-runner.js";
import type { CompressJob, JobAnswer } from "./job.js";
import { WorkerPool } from "./worker-pool.js";

/** An answer, and whether it was remembered. */
export interface ServiceAnswer extends JobAnswer {
  readonly cached: boolean;
}

/** Gives the signal of a caller who may hang up, or nothing; asked for only where there is something to compute. */
export type SignalSource = () => AbortSignal | undefined;

/** Compresses for every endpoint: threads behind a bounded queue, results remembered by content. */
export interface CompressService {
  compress(job: CompressJob, signal?: AbortSignal): Promise<ServiceAnswer>;
  /** All or none: with too little room for all, none is begun. */
  compressAll(jobs: readonly CompressJob[], signal?: SignalSource): Promise<ServiceAnswer[]>;
  readonly status: JobRunner["status"] & { cache: { entries: number; bytes: number; hits: number; misses: number } };
  close(): Promise<void>;
}

/** Beyond a job's own deadline, for writing its result. */
const overtimeMs = 2_000;

/** What an answer takes in memory beside its text, in bytes. */
const entryOverhead = 300;

/** Opens the threads at once, so that the first caller finds them ready. */
export function createCompressService(configuration: ServeConfiguration, script?: URL): CompressService {
  const { extractive, abstractive } = createRunners(configuration, script);
  const cache = openCache(configuration.cacheBytes);
  let hits = 0;
  let misses = 0;

  const recall = (key: string): ServiceAnswer | undefined => {
    const known = cache?.get(key);
    if (known === undefined) {
      misses++;
      return undefined;
    }
    hits++;
    return { ...known, cached: true };
  };
  const compute = async (job: CompressJob, key: string, signal: AbortSignal | undefined): Promise<ServiceAnswer> => {
    const { model, adapter } = configuration.compress;
    const writes = job.options.mode === "abstractive" && (model ?? adapter) !== undefined;
    const runner = writes ? abstractive() : extractive;
    const answer = await runner.run(withDeadline(job, configuration.limits.compressMs), signal);
    if (answer.isLasting) cache?.set(key, answer);
    return { ...answer, cached: false };
  };

  return {
    async compress(job, signal) {
      const key = keyOf(job, await writerOf(job, configuration.compress.adapter));
      return recall(key) ?? (await compute(job, key, signal));
    },
    async compressAll(jobs, signalOf) {
      const { adapter } = configuration.compress;
      const keys = await Promise.all(jobs.map(async (job) => keyOf(job, await writerOf(job, adapter))));
      const known = keys.map(recall);
      // What is remembered is answered however busy the threads are.
      const missing = known.filter((answer) => answer === undefined).length;
      if (missing === 0) return known as ServiceAnswer[];
      if (extractive.room < missing && missing <= extractive.status.capacity) {
        throw new OverloadError(`There is room for ${Math.max(0, extractive.room)} texts now.`, extractive.retryAfter);
      }
      const signal = signalOf?.();
      if (jobs.length === 1) return [await compute(jobs[0]!, keys[0]!, signal)];
      const leaving = new AbortController();
      const either = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
      try {
        return await Promise.all(jobs.map((job, at) => known[at] ?? compute(job, keys[at]!, either)));
      } catch (error) {
        leaving.abort();
        throw error;
      }
    },
    get status() {
      const { size: entries = 0, calculatedSize: bytes = 0 } = cache ?? {};
      return { ...extractive.status, cache: { entries, bytes, hits, misses } };
    },
    async close() {
      await Promise.all([extractive.close(), abstractive.close()]);
    },
  };
}

function createRunners(
  { workers, limits, capture, compress: { store, writers, ...compress } }: ServeConfiguration,
  script?: URL,
) {
  const { enabled, ...captured } = capture;
  const settings = {
    compress: definedOnly(compress),
    ...(store === undefined ? {} : { store }),
    ...(enabled ? { capture: definedOnly(captured) } : {}),
  };
  const size = workers === "auto" ? availableParallelism() : workers;
  const bounds = {
    settings,
    waitMs: limits.waitMs,
    mostWaiting: limits.waitingTexts,
    ...(script === undefined ? {} : { script }),
  };
  const limitMs = limits.compressMs + overtimeMs;
  const extractive: JobRunner =
    size === 0 ? createInlineRunner(settings, limits.waitingTexts) : new WorkerPool({ ...bounds, size, limitMs });
  let writing: JobRunner | undefined;
  // A thread of its own, so that a model that writes for seconds keeps nobody else waiting; opened when one is asked for.
  const openWriting = () =>
    size === 0 ? extractive : new WorkerPool({ ...bounds, size: 1, perWorker: writers, limitMs });
  const abstractive = Object.assign(
    () => {
      writing ??= openWriting();
      return writing;
    },
    { close: async () => writing?.close() },
  );
  return { extractive, abstractive };
}

function openCache(bytes: number): LRUCache<string, JobAnswer> | undefined {
  if (bytes === 0) return undefined;
  return new LRUCache({ maxSize: bytes, sizeCalculation: ({ json }) => 2 * json.length + entryOverhead });
}

/** A conversation's texts are remembered one by one where it is compressed, which a deadline would forbid. */
function withDeadline(job: CompressJob, limitMs: number): CompressJob {
  if ("messages" in job) return job;
  const deadlineMs = Math.min(job.options.deadlineMs ?? limitMs, limitMs);
  return { ...job, options: { ...job.options, deadlineMs } };
}

/** Which version of the operator's adapter would write: another that is installed under its name gives other answers. */
async function writerOf({ options }: CompressJob, adapter: string | undefined): Promise<string> {
  if (options.mode !== "abstractive" || adapter === undefined) return "";
  // One that is not there is what the job itself will say.
  return findAdapter(adapter).then(identifyAdapter, () => "");
}

function keyOf(job: CompressJob, writer: string): string {
  const options = Object.entries(job.options).sort(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash("sha256").update(JSON.stringify([writer, options]));
  const content = "text" in job ? Buffer.from(job.text, "utf16le") : JSON.stringify(job.messages);
  return hash
    .update("text" in job ? "\0text\0" : "\0messages\0")
    .update(content)
    .digest("base64");
}

function definedOnly<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}
