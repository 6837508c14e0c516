import { BrevisError } from "../errors.js";
import { type Batches, openBatches } from "./batch/open-batches.js";
import { type AnswerCache, defaultCacheFolder, openAnswerCache } from "./cache/open-answer-cache.js";
import { keyOfRequest } from "./cache/request-key.js";
import { loadTokenEstimator } from "./estimate-tokens.js";
import { type CostLimits, readCostLimits } from "./ledger/cost-limits.js";
import { openLedger } from "./ledger/open-ledger.js";
import { createProviderLimiter } from "./limits/provider-limiter.js";
import { openProviders } from "./open-providers.js";
import { prepareCall } from "./prepare-call.js";
import type { ProviderReply } from "./providers/provider-api.js";
import { translateError } from "./providers/translate-error.js";
import { loadRegistry, type Registry } from "./registry/load-registry.js";
import type { Model } from "./registry/model.js";
import { type Environment, readEnvironment } from "./registry/read-environment.js";
import { resolveModel } from "./registry/resolve-model.js";
import { costAtMost, type Departure, type OutgoingCall, type SentReply, sendCall, streamCall } from "./send-calls.js";
import { Flights } from "./share-flights.js";
import type { BatchChatClient, BatchProgress, ChatAnswer, ChatEvent, ChatRequest } from "./types.js";

/** How models are asked. */
export interface ChatClientOptions {
  /** A registry file that is laid over the package's. Default: what BREVIS_MODELS names. */
  readonly models?: string;
  /** Default: the process's environment over `.env` in the working directory. */
  readonly environment?: Environment;
  /** The folder that answers are kept in, or false for none. Default: BREVIS_CACHE, else one in the user's cache folder. */
  readonly cache?: string | false;
  /** The file that costs are written to, or false for none. Default: BREVIS_COST_LOG, else data/costs.log. */
  readonly ledger?: string | false;
  /** Default: COST_LIMIT_DAILY_USD and COST_WARN_THRESHOLD_USD. */
  readonly costLimits?: CostLimits;
  /** Sends after the first one that fails, by the SDKs. Default 4. */
  readonly maxRetries?: number;
  /** Milliseconds for one send. Default 10 minutes. */
  readonly timeout?: number;
  /** Where warnings go. Default: a line on standard error. */
  readonly warn?: (message: string) => void;
}

/**
 * Opens a client to all models of the registry. SDKs load when a model of theirs is first asked.
 *
 * @throws BrevisError `invalid-option` for a registry file that cannot be used
 */
export async function openChatClient(options: ChatClientOptions = {}): Promise<BatchChatClient> {
  const environment = options.environment ?? readEnvironment();
  const registry = loadRegistry(environment, options.models ?? environment.BREVIS_MODELS);
  const limits = options.costLimits ?? readCostLimits(environment);
  const warn = options.warn ?? ((message: string) => void process.stderr.write(`brevis: ${message}\n`));
  const ledger = options.ledger ?? environment.BREVIS_COST_LOG ?? "data/costs.log";
  if (ledger === false && limits.daily !== undefined) throw limitNeedsLedger();
  const cache = options.cache ?? defaultCacheFolder(environment);
  const persistence = { maxRetries: options.maxRetries ?? 4, timeout: options.timeout ?? 600_000 };
  const departure: Departure = {
    open: openProviders(environment, persistence),
    limiter: createProviderLimiter(registry),
    ledger: ledger === false ? undefined : openLedger({ path: ledger, limits, warn }),
    estimate: await loadTokenEstimator(),
  };
  const answers = cache === false ? undefined : openAnswerCache(cache, warn);
  const batches = cache && answers ? openBatches({ registry, departure, cache: answers, folder: cache }) : undefined;
  return new RegistryClient(registry, departure, answers, batches, limits);
}

class RegistryClient implements BatchChatClient {
  readonly #flights = new Flights<SentReply & { readonly isKept: boolean }>();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly registry: Registry,
    private readonly departure: Departure,
    private readonly cache: AnswerCache | undefined,
    private readonly batches: Batches | undefined,
    private readonly limits: CostLimits,
  ) {}

  ask(request: ChatRequest): Promise<ChatAnswer> {
    const asked = this.#ask(request);
    this.#underWay.add(asked);
    const forget = () => this.#underWay.delete(asked);
    asked.then(forget, forget);
    return asked;
  }

  async #ask(request: ChatRequest): Promise<ChatAnswer> {
    const outgoing = this.#prepare(request);
    const { call, key } = outgoing;
    const { isShared, result } = await this.#flights.share(key, call.signal, async (signal) => {
      const kept = await this.cache?.get(key);
      if (kept) return { reply: kept, cost: 0, latency: 0, isKept: true };
      const keep = async (reply: ProviderReply) => this.cache?.put(key, reply);
      return { ...(await sendCall(this.departure, { ...outgoing, keep, call: { ...call, signal } })), isKept: false };
    });
    // Whoever shared another's call had nothing sent and pays nothing.
    return answerOf(result, call.model, result.isKept || isShared);
  }

  async *stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
    const outgoing = this.#prepare(request);
    for await (const event of streamCall(this.departure, outgoing)) {
      if (event.type === "text") yield event;
      else yield { type: "answer", answer: answerOf(event.sent, outgoing.call.model, false) };
    }
  }

  async countTokens(request: ChatRequest): Promise<{ tokens: number; exact: boolean }> {
    const { call } = this.#prepare(request);
    const { model, signal } = call;
    if (!model.countsTokens) return { tokens: this.departure.estimate(call), exact: false };
    const provider = await this.departure.open(model);
    try {
      const tokens = await provider.api.countTokens(call);
      return tokens === undefined ? { tokens: this.departure.estimate(call), exact: false } : { tokens, exact: true };
    } catch (error) {
      throw translateError(error, model, provider.origin, signal);
    }
  }

  estimateCost(request: ChatRequest, outputTokens = request.maxTokens): number | undefined {
    const model = resolveModel(this.registry, request.model);
    return costAtMost(model, this.departure.estimate(prepareCall(request, model)), outputTokens);
  }

  async submitBatch(requests: readonly ChatRequest[]): Promise<string[]> {
    if (!this.batches) throw batchesNeedCache();
    return this.batches.submit(requests.map((request) => this.#prepare(request)));
  }

  async collectBatch(id: string): Promise<BatchProgress> {
    if (!this.batches) throw batchesNeedCache();
    return this.batches.collect(id);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.departure.ledger?.close();
  }

  #prepare(request: ChatRequest): OutgoingCall {
    const model = resolveModel(this.registry, request.model);
    if (this.limits.daily !== undefined && !model.price && model.provider !== "compatible")
      throw limitNeedsPrice(model);
    const call = prepareCall(request, model);
    return { call, purpose: request.purpose, key: keyOfRequest(call, request.sample) };
  }
}

function answerOf({ cost, latency, reply }: SentReply, { provider }: Model, cached: boolean): ChatAnswer {
  const { end, model, text, usage } = reply;
  const took = cached ? { cost: 0, latency: 0 } : { cost, latency };
  return { text, end, model, provider, usage, cached, ...took };
}

function limitNeedsLedger(): BrevisError {
  return new BrevisError("invalid-option", "Expected a cost ledger where the day's cost is limited but it is off.", {
    hint: "Leave `ledger` at its default, or unset COST_LIMIT_DAILY_USD.",
  });
}

function limitNeedsPrice({ slug }: Model): BrevisError {
  return new BrevisError(
    "invalid-option",
    `Expected a price of ${slug} where the day's cost is limited but the registry has none.`,
    {
      hint: "Add it in a file that BREVIS_MODELS names, or unset COST_LIMIT_DAILY_USD.",
    },
  );
}

function batchesNeedCache(): BrevisError {
  return new BrevisError("invalid-option", "Expected a cache, where batches leave their answers, but it is off.", {
    hint: "Leave `cache` at its default, or ask call by call.",
  });
}
