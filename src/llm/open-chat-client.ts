import { costOfUsage } from "./cost-of-usage.js";
import { loadTokenEstimator, type TokenEstimator } from "./estimate-tokens.js";
import { createProviderLimiter, type ProviderLimiter } from "./limits/provider-limiter.js";
import { type OpenedProvider, openProviders } from "./open-providers.js";
import { prepareCall } from "./prepare-call.js";
import type { ProviderCall, ProviderReply } from "./providers/provider-api.js";
import { countSends, type Sends } from "./providers/provider-fetch.js";
import { translateError } from "./providers/translate-error.js";
import { loadRegistry, type Registry } from "./registry/load-registry.js";
import type { Model } from "./registry/model.js";
import { type Environment, readEnvironment } from "./registry/read-environment.js";
import { resolveModel } from "./registry/resolve-model.js";
import type { ChatAnswer, ChatClient, ChatEvent, ChatRequest } from "./types.js";

/** How models are asked. */
export interface ChatClientOptions {
  /** A registry file that is laid over the package's. Default: what BREVIS_MODELS names. */
  readonly models?: string;
  /** Default: the process's environment over `.env` in the working directory. */
  readonly environment?: Environment;
  /** Sends after the first one that fails, by the SDKs. Default 4. */
  readonly maxRetries?: number;
  /** Milliseconds for one send. Default 10 minutes. */
  readonly timeout?: number;
}

/**
 * Opens a client to all models of the registry. SDKs load when a model of theirs is first asked.
 *
 * @throws BrevisError `invalid-option` for a registry file that cannot be used
 */
export async function openChatClient(options: ChatClientOptions = {}): Promise<ChatClient> {
  const environment = options.environment ?? readEnvironment();
  const registry = loadRegistry(environment, options.models ?? environment.BREVIS_MODELS);
  const persistence = { maxRetries: options.maxRetries ?? 4, timeout: options.timeout ?? 600_000 };
  return new RegistryClient(
    registry,
    openProviders(environment, persistence),
    createProviderLimiter(registry),
    await loadTokenEstimator(),
  );
}

class RegistryClient implements ChatClient {
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly registry: Registry,
    private readonly open: (model: Model) => Promise<OpenedProvider>,
    private readonly limiter: ProviderLimiter,
    private readonly estimate: TokenEstimator,
  ) {}

  ask(request: ChatRequest): Promise<ChatAnswer> {
    const asked = this.#ask(request);
    this.#underWay.add(asked);
    const forget = () => this.#underWay.delete(asked);
    asked.then(forget, forget);
    return asked;
  }

  async #ask(request: ChatRequest): Promise<ChatAnswer> {
    const model = resolveModel(this.registry, request.model);
    const call = prepareCall(request, model);
    const provider = await this.open(model);
    const sends: Sends = { count: 0, lost: 0 };
    const tokens = this.estimate(call) + request.maxTokens;
    try {
      return await this.limiter.run(model, tokens, request.signal, async (correct) => {
        const startedAt = performance.now();
        const reply = await countSends(sends, () => provider.api.ask(call));
        correct(reply.usage.input + reply.usage.output);
        return answerOf(reply, model, performance.now() - startedAt);
      });
    } catch (error) {
      throw translateError(error, model, provider.origin, request.signal);
    }
  }

  async *stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
    const model = resolveModel(this.registry, request.model);
    const call = prepareCall(request, model);
    const provider = await this.open(model);
    const startedAt = performance.now();
    try {
      for await (const event of provider.api.stream(call)) {
        if (event.type === "text") yield event;
        else yield { type: "answer", answer: answerOf(event.reply, model, performance.now() - startedAt) };
      }
    } catch (error) {
      throw translateError(error, model, provider.origin, request.signal);
    }
  }

  async countTokens(request: ChatRequest): Promise<{ tokens: number; exact: boolean }> {
    const model = resolveModel(this.registry, request.model);
    const call = prepareCall(request, model);
    if (!model.countsTokens) return { tokens: this.estimate(call), exact: false };
    const provider = await this.open(model);
    try {
      const tokens = await provider.api.countTokens(call);
      return tokens === undefined ? { tokens: this.estimate(call), exact: false } : { tokens, exact: true };
    } catch (error) {
      throw translateError(error, model, provider.origin, request.signal);
    }
  }

  estimateCost(request: ChatRequest, outputTokens?: number): number | undefined {
    const model = resolveModel(this.registry, request.model);
    return costOfEstimate(model, prepareCall(request, model), this.estimate, outputTokens ?? request.maxTokens);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }
}

function costOfEstimate(
  { price }: Model,
  call: ProviderCall,
  estimate: TokenEstimator,
  output: number,
): number | undefined {
  return price && costOfUsage(price, { input: estimate(call), cacheRead: 0, cacheWrite: 0, output });
}

function answerOf(reply: ProviderReply, { price, provider }: Model, latency: number): ChatAnswer {
  const cost = price && costOfUsage(price, reply.usage);
  return { ...reply, provider, cost, cached: false, latency };
}
