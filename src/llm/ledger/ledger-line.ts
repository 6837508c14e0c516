import { z } from "zod";
import type { AnswerEnd, Usage } from "../types.js";

/** Before a call is sent: what it may cost at most. A process that dies leaves it open until `expires`. */
export interface ReserveLine {
  readonly type: "reserve";
  readonly id: string;
  /** ISO 8601, as all times here. Its UTC date is the day that the cost counts on. */
  readonly at: string;
  readonly expires: string;
  readonly process: string;
  readonly model: string;
  readonly purpose: string;
  /** Of the request, shortened: the same call sent again has the same one. */
  readonly key: string;
  /** US dollars. */
  readonly cost: number;
  /** The day's limit that the process keeps. */
  readonly limit?: number | undefined;
}

/** After the answer: what the call did cost. */
export interface SettleLine {
  readonly type: "settle";
  readonly id: string;
  readonly at: string;
  readonly provider: string;
  readonly model: string;
  readonly purpose: string;
  readonly usage: Usage;
  /** US dollars; null where the registry has no price. */
  readonly cost: number | null;
  readonly end: AnswerEnd;
  /** Milliseconds. */
  readonly latency: number;
  /** Requests that went out, the SDK's retries included, and those whose answer got lost on the way. */
  readonly sends: number;
  readonly lost: number;
  readonly batch?: boolean | undefined;
  /** The reservation of a call with the same key that never ended: the provider may have been paid for both. */
  readonly possibleDuplicateOf?: string | undefined;
}

/** After a call that failed: its reservation is given back. */
export interface ReleaseLine {
  readonly type: "release";
  readonly id: string;
  readonly at: string;
  /** The error's code; `lost` where another process found that the one that reserved is gone. */
  readonly reason: string;
  readonly sends: number;
  readonly lost: number;
}

/** While a call takes long: its reservation holds on. */
export interface RenewLine {
  readonly type: "renew";
  readonly id: string;
  readonly at: string;
  readonly expires: string;
}

/** One line of the ledger. */
export type LedgerLine = ReserveLine | SettleLine | ReleaseLine | RenewLine;

const id = z.string();
const at = z.iso.datetime();
const purpose = z.string();
const model = z.string();
const count = z.number();
const usage = z.object({ input: count, cacheRead: count, cacheWrite: count, output: count });
const times = { sends: count, lost: count };

const lineSchema: z.ZodType<LedgerLine> = z.discriminatedUnion("type", [
  z.object({
    ...{ type: z.literal("reserve"), id, at, expires: at, process: z.string(), model, purpose },
    ...{ key: z.string(), cost: count, limit: count.optional() },
  }),
  z.object({
    ...{ type: z.literal("settle"), id, at, provider: z.string(), model, purpose, usage, cost: count.nullable() },
    ...{ end: z.enum(["stop", "length", "refused", "empty"]), latency: count, ...times },
    ...{ batch: z.boolean().optional(), possibleDuplicateOf: id.optional() },
  }),
  z.object({ type: z.literal("release"), id, at, reason: z.string(), ...times }),
  z.object({ type: z.literal("renew"), id, at, expires: at }),
]);

/** Reads one line. `undefined` for one that a kill cut off, or that is none of the ledger's. */
export function parseLedgerLine(text: string): LedgerLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
