import type { CompressContext } from "../context.js";
import type { WrittenSegment } from "../draft.js";
import { joinTexts } from "../text/join-texts.js";
import { askModel } from "./ask-model.js";
import { checkRewrite, type Rejection } from "./check-rewrite.js";
import { chooseDomain, isSuited } from "./choose-domain.js";
import { isLoneFence } from "./cut-chunks.js";
import { measureChange } from "./measure-change.js";
import type { Writer } from "./open-writer.js";
import type { Domain } from "./prompts.js";
import { askForRewrite } from "./render-prompt.js";

/** Why a chunk has its extractive text. */
export type ChunkRejection = Rejection | "cut-off" | "too-long" | "too-large" | "failed" | "late";

/** What became of the chunks that a model was to rewrite. */
export interface RewrittenChunks {
  readonly segments: readonly WrittenSegment[];
  readonly rewritten: number;
  /** Chunks into which lost words were put back. */
  readonly restored: number;
  readonly rejected: ReadonlyMap<ChunkRejection, number>;
}

/** Chunks of fewer tokens of the target are not worth asking for. */
const fewestTokens = 24;
/** The answer may have this many times the tokens it is to have before it is cut off, and some more. */
const overrun = { share: 1.15, tokens: 16 };
/** What the model is asked for, as shares of what it may have: models write more than they are asked for. The second is for those that did. */
const askedShares = [0.9, 0.6] as const;
/** Calls that may fail in a row before no more are made. */
const mostFailures = 2;

/**
 * Rewrites chunk after chunk, and keeps the extractive text where the rewrite is no better. What rewrites save beyond their
 * share later ones may use, so that the whole has at most as many tokens as the extractive text, or the budget.
 *
 * @param written the extractive result: the chunks that may be rewritten are segments of their own
 * @param onText receives the text of each segment, in order, as soon as it stands
 * @throws {BrevisError} `aborted`; a model that fails, loops or invents leaves the extractive text
 */
export async function rewriteChunks(
  source: string,
  written: readonly WrittenSegment[],
  details: { budget: number; originalTokens: number; writer: Writer; onText: (text: string) => void },
  context: CompressContext,
): Promise<RewrittenChunks> {
  const { counter, clock } = context;
  const before = counter.count(joinTexts(written));
  const state = new RewriteState(source, written, Math.max(0, details.budget - before), details.writer, context);
  // Where the extractive text saves nothing, the result is the source, and nobody should have read another beginning.
  const isUseless = before >= details.originalTokens || joinTexts(written).trim() === "";
  const onText = isUseless ? () => {} : details.onText;
  await clock.timeAsync("rewrite", async () => {
    for (let index = 0; index < written.length; index++) {
      if (!isUseless) await state.rewrite(index);
      onText(state.segments[index]!.text);
    }
  });
  return state;
}

/** A rewrite that may stand in place of the extractive text, and what that changes in tokens. */
interface Rewrite {
  readonly text: string;
  readonly change: number;
  readonly restored: number;
}

class RewriteState implements RewrittenChunks {
  readonly segments: WrittenSegment[];
  readonly rejected = new Map<ChunkRejection, number>();
  rewritten = 0;
  restored = 0;
  #failures = 0;
  /** The ids of the chunks in the store, computed before anything is written that could not be taken back. */
  readonly #ids: readonly (string | undefined)[];
  readonly #deadline: AbortSignal | undefined;

  constructor(
    readonly source: string,
    readonly written: readonly WrittenSegment[],
    /** Tokens below the budget: what a rewrite may have more than the extractive text in its place. */
    public slack: number,
    readonly writer: Writer,
    readonly context: CompressContext,
  ) {
    this.segments = [...written];
    const { store } = context.options;
    this.#ids = written.map((segment) => (this.#isCandidate(segment) ? store?.idOf(this.#textOf(segment)) : undefined));
    const left = context.lateAt - performance.now();
    this.#deadline = Number.isFinite(left) ? AbortSignal.timeout(Math.max(1, Math.floor(left))) : undefined;
  }

  async rewrite(index: number): Promise<void> {
    const segment = this.written[index]!;
    if (!this.#isCandidate(segment)) return;
    const outcome = await this.#attempt(index, segment);
    if (typeof outcome === "string") {
      this.rejected.set(outcome, (this.rejected.get(outcome) ?? 0) + 1);
      return;
    }
    const { start, end } = segment;
    const id = this.#ids[index];
    const omitted = [{ start, end, what: "passages", count: 1, ...(id === undefined ? {} : { id }) }];
    this.segments[index] = { ...segment, text: outcome.text, omitted, rewritten: true };
    this.slack -= outcome.change;
    this.rewritten++;
    if (outcome.restored > 0) this.restored++;
  }

  /** A chunk of which the extractive text leaves something out: where everything fits, nothing is to be rewritten. */
  #isCandidate(segment: WrittenSegment): boolean {
    if (!isSuited(segment.kind) || segment.omitted.length === 0) return false;
    const text = this.#textOf(segment);
    return !isLoneFence(text) && this.context.counter.count(text) >= fewestTokens;
  }

  #textOf({ start, end }: { start: number; end: number }): string {
    return this.source.slice(start, end);
  }

  /** Asks once, and once more for less where the answer was too long. */
  async #attempt(index: number, segment: WrittenSegment): Promise<Rewrite | ChunkRejection> {
    let outcome: Rewrite | ChunkRejection = "too-long";
    for (const share of askedShares) {
      outcome = await this.#ask(index, segment, share);
      if (outcome !== "too-long" && outcome !== "cut-off") break;
    }
    return outcome;
  }

  async #ask(index: number, segment: WrittenSegment, share: number): Promise<Rewrite | ChunkRejection> {
    const { context, writer } = this;
    if (this.#deadline?.aborted || context.isLate()) return "late";
    if (this.#failures >= mostFailures) return "failed";
    const source = this.#textOf(segment);
    const domain = chooseDomain(segment.kind, source);
    const ask = this.#prepare(source.trim(), segment, domain, share);
    if (ask === undefined) return "too-large";
    const { maxTokens, layout } = ask;
    const limits = { source, maxTokens, layout, signal: context.options.signal, deadline: this.#deadline };
    const answer = await askModel(writer, ask.messages, limits);
    this.#failures = "error" in answer ? this.#failures + 1 : 0;
    if ("rejected" in answer) return answer.rejected;
    const checked = checkRewrite(source, answer.text, ask.messages[0]!.content, context.rules, domain === "code");
    if ("rejected" in checked) return checked.rejected;
    const text = withOuterSpace(source, checked.text);
    const change = measureChange(this.segments, index, text, context.counter.count);
    const grows = context.counter.count(text) > context.counter.count(source);
    return change > this.slack || grows ? "too-long" : { text, change, restored: checked.restored };
  }

  /** The prompt for a chunk, and the most tokens of its answer; undefined where the model's context holds no such thing. */
  #prepare(source: string, segment: WrittenSegment, domain: Domain, share: number) {
    const { tokenizer, info } = this.writer.model;
    const { counter, rules } = this.context;
    const tokens = tokenizer.encode(source).length;
    const counted = Math.max(1, counter.count(source));
    // What a chunk may have: its extractive share and what is left over, never all of its own.
    const allowed = Math.min(counter.count(segment.text) + this.slack, counted - 1);
    const most = Math.max(1, Math.floor((allowed * tokens) / counted));
    const prompt = this.writer.prompts[domain];
    const { layout } = prompt;
    const messages = askForRewrite(prompt, source, Math.floor(most * share), rules);
    const maxTokens = Math.ceil(most * overrun.share) + overrun.tokens;
    const fits = tokenizer.encodeChat(messages, layout).length + maxTokens <= info.context;
    return fits ? { messages, layout, maxTokens } : undefined;
  }
}

/** A rewrite between the white space that its source begins and ends with. */
function withOuterSpace(source: string, text: string): string {
  const lead = source.slice(0, source.length - source.trimStart().length);
  return lead + text + source.slice(source.trimEnd().length);
}
