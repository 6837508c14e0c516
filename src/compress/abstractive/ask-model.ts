import type { ChatMessage } from "../../engine/types.js";
import { BrevisError } from "../../errors.js";
import { isLooping } from "./find-loop.js";
import type { Writer } from "./open-writer.js";
import type { PromptLayout } from "./prompts.js";

/** What a model answered, or why there is nothing to use. */
export type Answer =
  | { readonly text: string }
  | { readonly rejected: "looping" | "cut-off" | "late" }
  | { readonly rejected: "failed"; readonly error: unknown };

/** Drafted tokens a step: a rewrite repeats much of its source, so that many are right. */
const lookupTokens = 8;
/** UTF-16 code units between two looks for a loop. */
const checkEvery = 512;

/** When a model has written enough. */
export interface RewriteLimits {
  /** What is rewritten: what repeats there may repeat in the answer. */
  readonly source: string;
  readonly maxTokens: number;
  /** As the prompt's. */
  readonly layout?: PromptLayout | undefined;
  readonly signal: AbortSignal | undefined;
  /** Fires when the call's time is up; what was written by then is of no use. */
  readonly deadline: AbortSignal | undefined;
}

/**
 * Asks for one rewrite: greedily, so that the same text has the same answer. Ends early where the model loops.
 *
 * @throws {BrevisError} `aborted` when the caller's signal fires
 */
export async function askModel(
  { model, adapters }: Writer,
  messages: readonly ChatMessage[],
  { source, maxTokens, layout = "chat", signal, deadline }: RewriteLimits,
): Promise<Answer> {
  const signals = [signal, deadline].filter((each) => each !== undefined);
  const options = {
    maxTokens,
    adapters,
    layout,
    lookupTokens,
    ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
  };
  try {
    const stream = model.answer(messages, options);
    let text = "";
    let checked = 0;
    for await (const piece of stream) {
      text += piece;
      if (text.length < checked + checkEvery) continue;
      checked = text.length;
      if (isLooping(text, source)) return { rejected: "looping" };
    }
    const { finish } = await stream.report;
    return finish === "length" || finish === "context" ? { rejected: "cut-off" } : { text };
  } catch (error) {
    if (signal?.aborted) throw new BrevisError("aborted", "The call was aborted by its signal.", { cause: error });
    return deadline?.aborted ? { rejected: "late" } : { rejected: "failed", error };
  }
}
