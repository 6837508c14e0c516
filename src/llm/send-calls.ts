import { costOfUsage } from "./cost-of-usage.js";
import type { TokenEstimator } from "./estimate-tokens.js";
import type { Ledger } from "./ledger/open-ledger.js";
import type { ProviderLimiter } from "./limits/provider-limiter.js";
import type { OpenedProvider } from "./open-providers.js";
import type { ProviderCall, ProviderReply } from "./providers/provider-api.js";
import { countSends, type Sends } from "./providers/provider-fetch.js";
import { translateError } from "./providers/translate-error.js";
import type { Model } from "./registry/model.js";
import type { Usage } from "./types.js";

/** A call with what the ledger wants to know about it. */
export interface OutgoingCall {
  readonly call: ProviderCall;
  readonly purpose: string;
  readonly key: string;
  /** Keeps the reply, before its cost is settled: a kill in between must not have it paid for twice. */
  readonly keep?: (reply: ProviderReply) => Promise<void>;
}

/** A reply with what it took. */
export interface SentReply {
  readonly reply: ProviderReply;
  readonly cost: number | undefined;
  /** Milliseconds. */
  readonly latency: number;
}

/** A piece of text, or what it all came to. */
export type SentEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "sent"; readonly sent: SentReply };

/** What calls go through on their way out. */
export interface Departure {
  readonly open: (model: Model) => Promise<OpenedProvider>;
  readonly limiter: ProviderLimiter;
  readonly ledger: Ledger | undefined;
  readonly estimate: TokenEstimator;
}

/** Sends one call: it waits for its turn, has its cost reserved, and the cost is settled by the provider's own counts. */
export async function sendCall(departure: Departure, outgoing: OutgoingCall): Promise<SentReply> {
  const provider = await departure.open(outgoing.call.model);
  const turn = await takeTurn(departure, outgoing, provider);
  try {
    const reply = await countSends(turn.sends, () => provider.api.ask(outgoing.call));
    await outgoing.keep?.(reply);
    return await turn.settle(reply);
  } catch (error) {
    throw await turn.fail(error);
  }
}

/** The same for a call whose answer is streamed. */
export async function* streamCall(departure: Departure, outgoing: OutgoingCall): AsyncGenerator<SentEvent> {
  const { call } = outgoing;
  const provider = await departure.open(call.model);
  const turn = await takeTurn(departure, outgoing, provider);
  const events = provider.api.stream(call)[Symbol.asyncIterator]();
  let text = "";
  let sent: SentReply | undefined;
  try {
    // The request goes out with the first of them.
    let next = await countSends(turn.sends, () => events.next());
    for (; !next.done; next = await events.next()) {
      const event = next.value;
      if (event.type === "reply") sent = await turn.settle(event.reply);
      else {
        text += event.text;
        yield event;
        // What had arrived already would go on: the SDKs end a stream of which more was to come.
        call.signal?.throwIfAborted();
      }
    }
  } catch (error) {
    throw await turn.fail(error);
  } finally {
    // A reader that leaves early still pays for what was written by then, as far as that can be told.
    if (!turn.isOver()) {
      await events.return?.();
      await turn.settle(unfinishedReply(departure.estimate, call, text));
    }
  }
  if (sent) yield { type: "sent", sent };
}

/** A call's time with its provider, with its money set aside. */
interface Turn {
  readonly sends: Sends;
  settle(reply: ProviderReply): Promise<SentReply>;
  /** @returns what to throw */
  fail(error: unknown): Promise<Error>;
  isOver(): boolean;
}

async function takeTurn(
  { estimate, ledger, limiter }: Departure,
  { call, key, purpose }: OutgoingCall,
  { origin }: OpenedProvider,
): Promise<Turn> {
  const { model, signal } = call;
  const input = estimate(call);
  const sends: Sends = { count: 0, lost: 0 };
  const orThrow = (error: unknown) => {
    throw translateError(error, model, origin, signal);
  };
  const leave = await limiter.enter(model, input + call.maxTokens - model.reasoningAllowance, signal).catch(orThrow);
  const expense = { model, purpose, key, cost: costAtMost(model, input, call.maxTokens) };
  const reservation = await ledger?.reserve(expense).catch((error: unknown) => {
    leave(0);
    throw error;
  });
  const startedAt = performance.now();
  let isOver = false;
  return {
    sends,
    isOver: () => isOver,
    async settle(reply) {
      isOver = true;
      const latency = performance.now() - startedAt;
      leave(reply.usage.input + reply.usage.output);
      const cost = model.price && costOfUsage(model.price, reply.usage);
      await reservation?.settle({ reply, cost, latency, sends });
      return { reply, cost, latency };
    },
    async fail(thrown) {
      const error = translateError(thrown, model, origin, signal);
      if (isOver) return error;
      isOver = true;
      leave();
      await reservation?.release(error.code, sends);
      return error;
    },
  };
}

function unfinishedReply(estimate: TokenEstimator, call: ProviderCall, text: string): ProviderReply {
  const written = estimate({
    ...call,
    system: undefined,
    schema: undefined,
    messages: [{ role: "assistant", content: text }],
  });
  const usage: Usage = { input: estimate(call), cacheRead: 0, cacheWrite: 0, output: written };
  return { text, end: "length", model: call.model.name, usage };
}

/** US dollars for an answer as long as it may get, hidden reasoning included. */
export function costAtMost({ price }: Model, input: number, output: number): number | undefined {
  return price && costOfUsage(price, { input, cacheRead: 0, cacheWrite: 0, output });
}
