import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SavedTokens } from "../../conversations/settle-request.js";
import { type JsonLinesAppender, openJsonLines } from "../../files/append-json-lines.js";
import { costOfUsage } from "../../llm/cost-of-usage.js";
import type { Price } from "../../llm/registry/model-schema.js";
import type { Usage } from "../../llm/types.js";
import type { ShapingArm } from "../shaping/conversation-shaper.js";
import { addToSample, noSample, type Sample } from "../shaping/measure-shaping.js";

/** One answered request. */
export interface LedgerEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly upstream: string;
  readonly model: string | undefined;
  readonly saved: SavedTokens;
  /** Tokens that the proxy added: instructions on how to answer. */
  readonly added: number;
  /** Whether the answer was asked to be short, or held out of that to measure by. */
  readonly arm: ShapingArm;
  readonly usage: Usage;
  /** US dollars that the request cost, and what it would have cost without the proxy; undefined without a price. */
  readonly cost: number | undefined;
  readonly costWithout: number | undefined;
  /** Dollars saved, negative where the proxy made it dearer. */
  readonly net: number | undefined;
}

/** Sums over all entries, those before a restart too. */
export interface LedgerTotals {
  readonly requests: number;
  /** Requests whose model has no price: their tokens count, their dollars do not. */
  readonly unpriced: number;
  /** Requests that were dearer than they would have been. */
  readonly dearer: number;
  readonly tokens: {
    readonly saved: number;
    readonly added: number;
    readonly input: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly output: number;
  };
  /** Output tokens of the requests whose conversations were shaped, and of those held out. */
  readonly outputs: { readonly shaped: Sample; readonly heldOut: Sample };
  readonly dollars: { readonly cost: number; readonly costWithout: number; readonly net: number };
}

/** What an exchange says of itself. */
export interface Exchange {
  readonly upstream: string;
  readonly model: string | undefined;
  readonly saved: SavedTokens;
  readonly added: number;
  readonly arm: ShapingArm;
  readonly isContinued: boolean;
  readonly usage: Usage;
}

/** The ledger of net savings. */
export interface Ledger {
  record(exchange: Exchange): LedgerEntry;
  readonly totals: LedgerTotals;
  close(): Promise<void>;
}

/** Shorter prompts are not cached, by any of the providers. */
const leastCached = 1024;

/**
 * What a request would have used without the proxy. Tokens that were left out of old messages would have been read from the cache
 * where the request read from it, tokens of new messages written into it where the request wrote. A prompt that compression
 * made too short for the cache would have had its old part from there: that is a loss, and counted as one.
 */
export function usageWithout({
  saved,
  added,
  isContinued,
  usage,
}: Omit<Exchange, "upstream" | "model" | "arm">): Usage {
  const input = usage.input + saved.old + saved.new - added;
  const lostCache = isContinued && usage.cacheRead === 0 && usage.input < leastCached && input >= leastCached;
  // How much of it is old is not known: all but the new, so that the loss is never made small.
  if (lostCache) return { ...usage, input, cacheRead: Math.max(0, input - saved.new) };
  const isRead = usage.cacheRead > 0;
  const cacheRead = isRead ? Math.max(0, usage.cacheRead + saved.old - added) : 0;
  const cacheWrite = usage.cacheWrite > 0 ? usage.cacheWrite + saved.new + (isRead ? 0 : saved.old - added) : 0;
  return { ...usage, input, cacheRead, cacheWrite: Math.max(0, cacheWrite) };
}

/** @param folder where entries are kept as JSON Lines; undefined keeps sums in this process alone */
export async function openLedger(
  folder: string | undefined,
  priceOf: (model: string) => Price | undefined,
): Promise<Ledger> {
  let totals = noTotals;
  let log: JsonLinesAppender | undefined;
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, "ledger.jsonl");
    for (const entry of readEntries(path)) totals = addEntry(totals, entry);
    log = await openJsonLines(path, { sync: "close", shared: true });
  }
  return {
    record(exchange) {
      const price = exchange.model === undefined ? undefined : priceOf(exchange.model);
      const { upstream, model, saved, added, arm, usage } = exchange;
      const cost = price && costOfUsage(price, usage);
      const costWithout = price && costOfUsage(price, usageWithout(exchange));
      const net = cost === undefined || costWithout === undefined ? undefined : costWithout - cost;
      const entry = { at: new Date().toISOString(), upstream, model, saved, added, arm, usage, cost, costWithout, net };
      totals = addEntry(totals, entry);
      // An account that cannot be written is no reason to fail the request that it is of.
      log?.append(entry).catch(() => {});
      return entry;
    },
    get totals() {
      return totals;
    },
    close: async () => log?.close(),
  };
}

const noTotals: LedgerTotals = {
  requests: 0,
  unpriced: 0,
  dearer: 0,
  tokens: { saved: 0, added: 0, input: 0, cacheRead: 0, cacheWrite: 0, output: 0 },
  outputs: { shaped: noSample, heldOut: noSample },
  dollars: { cost: 0, costWithout: 0, net: 0 },
};

function addEntry({ tokens, outputs, dollars, ...counts }: LedgerTotals, entry: LedgerEntry): LedgerTotals {
  const { usage, saved, added, arm, cost = 0, costWithout = 0, net } = entry;
  return {
    requests: counts.requests + 1,
    unpriced: counts.unpriced + (net === undefined ? 1 : 0),
    dearer: counts.dearer + (net !== undefined && net < 0 ? 1 : 0),
    tokens: {
      saved: tokens.saved + saved.old + saved.new,
      added: tokens.added + added,
      input: tokens.input + usage.input,
      cacheRead: tokens.cacheRead + usage.cacheRead,
      cacheWrite: tokens.cacheWrite + usage.cacheWrite,
      output: tokens.output + usage.output,
    },
    outputs: {
      shaped: arm === "shaped" ? addToSample(outputs.shaped, usage.output) : outputs.shaped,
      heldOut: arm === "held-out" ? addToSample(outputs.heldOut, usage.output) : outputs.heldOut,
    },
    dollars: {
      cost: dollars.cost + cost,
      costWithout: dollars.costWithout + costWithout,
      net: dollars.net + (net ?? 0),
    },
  };
}

function readEntries(path: string): LedgerEntry[] {
  if (!existsSync(path)) {
    writeFileSync(path, "", { mode: 0o600 });
    return [];
  }
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        const entry = JSON.parse(line) as LedgerEntry;
        return typeof entry.usage === "object" && typeof entry.saved === "object" ? [entry] : [];
      } catch {
        return [];
      }
    });
}
