import { BrevisError } from "../../errors.js";
import type { AnswerCache } from "../cache/open-answer-cache.js";
import { costOfUsage } from "../cost-of-usage.js";
import type { ProviderReply } from "../providers/provider-api.js";
import { translateError } from "../providers/translate-error.js";
import type { Registry } from "../registry/load-registry.js";
import type { Model } from "../registry/model.js";
import { resolveModel } from "../registry/resolve-model.js";
import { costAtMost, type Departure, type OutgoingCall } from "../send-calls.js";
import type { BatchProgress, Usage } from "../types.js";
import { type BatchJournal, type BatchRecord, openBatchJournal } from "./batch-journal.js";
import { cutBatches } from "./cut-batches.js";
import { type BatchedReply, openProviderBatches, type ProviderBatches } from "./provider-batches.js";

/** All providers answer batches at half the price. */
const discount = 0.5;
/** How much of the room for hidden reasoning is set aside for each of many answers: few use it up. */
const reasoningShare = 0.25;
/** Milliseconds: providers answer within a day, and may be asked a day later. */
const lifetime = 48 * 3_600_000;
const noSends = { count: 1, lost: 0 };

/** Batches of calls, whose answers end up in the cache. */
export interface Batches {
  submit(calls: readonly OutgoingCall[]): Promise<string[]>;
  collect(id: string): Promise<BatchProgress>;
}

/** What batches need. */
export interface BatchesOptions {
  readonly registry: Registry;
  readonly departure: Departure;
  readonly cache: AnswerCache;
  readonly folder: string;
}

/** Opens the batches of a cache's folder. */
export function openBatches(options: BatchesOptions): Batches {
  return new JournaledBatches(options, openBatchJournal(options.folder));
}

class JournaledBatches implements Batches {
  constructor(
    private readonly options: BatchesOptions,
    private readonly journal: BatchJournal,
  ) {}

  async submit(calls: readonly OutgoingCall[]): Promise<string[]> {
    const wanted = new Map(calls.map((outgoing) => [outgoing.key, outgoing]));
    const ids: string[] = [];
    for (const { collected, submitted } of (await this.journal.read()).values()) {
      if (collected || !submitted.keys.some((key) => wanted.has(key))) continue;
      ids.push(submitted.id);
      for (const key of submitted.keys) wanted.delete(key);
    }
    for (const key of wanted.keys()) if (await this.options.cache.get(key)) wanted.delete(key);
    for (const batch of cutBatches([...wanted.values()])) ids.push(await this.#submitBatch(batch));
    return ids;
  }

  async #submitBatch(batch: readonly OutgoingCall[]): Promise<string> {
    const [first] = batch;
    if (!first) throw new BrevisError("internal", "Expected calls in a batch but it has none.");
    const { purpose } = first;
    const { model } = first.call;
    const { ledger } = this.options.departure;
    const keys = batch.map(({ key }) => key);
    const cost = this.#estimate(batch);
    const reservation = await ledger?.reserve({
      model,
      purpose,
      key: keys.join(),
      cost,
      lifetime,
      outlivesProcess: true,
    });
    const name = await this.#ask(model, (batches) => batches.submit(batch)).catch(async (error: BrevisError) => {
      await reservation?.release(error.code, noSends);
      throw error;
    });
    const id = `${model.provider}:${name}`;
    const reserved = reservation ? { reservation: reservation.id } : {};
    await this.journal.add({ type: "submitted", id, at: now(), model: model.slug, name, purpose, keys, ...reserved });
    return id;
  }

  /** US dollars; `undefined` without a price. */
  #estimate(batch: readonly OutgoingCall[]): number | undefined {
    let sum = 0;
    for (const { call } of batch) {
      const output = call.maxTokens - call.model.reasoningAllowance * (1 - reasoningShare);
      const cost = costAtMost(call.model, this.options.departure.estimate(call), output);
      if (cost === undefined) return undefined;
      sum += cost * discount;
    }
    return sum;
  }

  async collect(id: string): Promise<BatchProgress> {
    const record = (await this.journal.read()).get(id);
    if (!record) throw unknownBatch(id);
    const requests = record.submitted.keys.length;
    if (record.collected) return progressOf(id, requests, record.collected);
    const model = resolveModel(this.options.registry, record.submitted.model);
    const state = await this.#ask(model, (batches) => batches.look(record.submitted.name));
    if (state.state === "pending") return { id, state: "pending", requests };
    const collected = await this.#ask(model, () => this.#keepReplies(record, model, state.replies, state.error));
    return progressOf(id, requests, collected);
  }

  async #keepReplies(
    { submitted }: BatchRecord,
    model: Model,
    replies: AsyncIterable<BatchedReply>,
    wholeError: string | undefined,
  ): Promise<NonNullable<BatchRecord["collected"]>> {
    const missing = new Set(submitted.keys);
    const failed: { key: string; error: string }[] = [];
    let usage: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
    let cost = 0;
    for await (const reply of replies) {
      if (!missing.delete(reply.key)) continue;
      if ("error" in reply) failed.push(reply);
      else {
        await this.options.cache.put(reply.key, reply.reply);
        usage = addUsage(usage, reply.reply.usage);
        if (model.price) cost += costOfUsage(model.price, reply.reply.usage) * discount;
      }
    }
    for (const key of missing) failed.push({ key, error: wholeError ?? "the batch came back without it" });
    const answered = submitted.keys.length - failed.length;
    const paid = model.price ? { cost } : {};
    await this.#settle(submitted, model, usage, paid.cost);
    const line = { type: "collected" as const, id: submitted.id, at: now(), answered, failed, ...paid };
    await this.journal.add(line);
    return line;
  }

  async #settle(
    { at, purpose, reservation }: BatchRecord["submitted"],
    model: Model,
    usage: Usage,
    cost: number | undefined,
  ): Promise<void> {
    if (reservation === undefined) return;
    const reply: ProviderReply = { text: "", end: "stop", model: model.name, usage };
    const latency = Date.now() - Date.parse(at);
    const expense = { model, purpose, key: reservation, cost };
    await this.options.departure.ledger?.settle(reservation, expense, {
      reply,
      cost,
      latency,
      sends: noSends,
      batch: true,
    });
  }

  async #ask<Result>(model: Model, ask: (batches: ProviderBatches) => Promise<Result>): Promise<Result> {
    if (model.provider === "compatible") throw noBatches(model);
    const { connection, origin } = await this.options.departure.open(model);
    try {
      return await ask(await openProviderBatches(model, connection));
    } catch (error) {
      throw translateError(error, model, origin);
    }
  }
}

function progressOf(
  id: string,
  requests: number,
  { answered, cost, failed }: NonNullable<BatchRecord["collected"]>,
): BatchProgress {
  const errors = failed.map(({ error }) => error);
  return { id, state: "done", requests, answered, errors, cost };
}

function addUsage(one: Usage, other: Usage): Usage {
  return {
    input: one.input + other.input,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    output: one.output + other.output,
  };
}

function now(): string {
  return new Date().toISOString();
}

function unknownBatch(id: string): BrevisError {
  return new BrevisError("invalid-input", `Expected the id of a batch that was handed in but got "${id}".`, {
    hint: "Batches are known in the cache folder that they were handed in with (BREVIS_CACHE).",
  });
}

function noBatches({ slug }: Model): BrevisError {
  return new BrevisError(
    "invalid-option",
    `Expected a model of Anthropic, OpenAI or Google for a batch but got ${slug}.`,
    {
      hint: "Ask it call by call.",
    },
  );
}
