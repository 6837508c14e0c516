import { AliasRestorer } from "../../compress/restoring/alias-restorer.js";
import type { ChatAnswer, ChatClient } from "../../llm/types.js";
import { describeError, toBrevisError } from "../http/answer-error.js";
import type { CompareTask } from "./compare-body.js";

/** Gives an event to the caller; resolves when it may be given the next. */
export type Emit = (event: string, data: unknown) => Promise<void>;

/** What one side of a comparison answered. */
export interface Side {
  readonly text: string;
  /** As the model wrote it, aliases and all. */
  readonly raw: string;
  readonly answer: ChatAnswer;
}

/** Asks one side, and tells of it; of its failure as well, which leaves the other side alone. */
export async function askSide(
  client: ChatClient,
  { model, maxTokens, question }: CompareTask,
  {
    side,
    prompt,
    system,
    legend,
  }: {
    side: "direct" | "compact";
    prompt: string;
    system: string | undefined;
    legend: Readonly<Record<string, string>>;
  },
  emit: Emit,
  signal: AbortSignal,
): Promise<Side | undefined> {
  const restorer = new AliasRestorer(legend);
  const started = performance.now();
  let firstToken: number | undefined;
  let text = "";
  let raw = "";
  const tell = async (piece: string) => {
    if (piece === "") return;
    text += piece;
    await emit(`${side}_token`, { text: piece });
  };
  const content = question === undefined ? prompt : `${prompt}\n\n${question}`;
  const request = {
    model,
    messages: [{ role: "user" as const, content }],
    maxTokens,
    purpose: `compare.${side}`,
    signal,
  };
  try {
    for await (const event of client.stream({ ...request, ...(system === undefined ? {} : { system }) })) {
      if (event.type === "text") {
        firstToken ??= performance.now() - started;
        raw += event.text;
        await tell(restorer.write(event.text));
        continue;
      }
      await tell(restorer.end());
      const { answer } = event;
      // Counted back from the end, as the latency is: what came before the request (a client that loads, a turn) is in neither.
      const before = performance.now() - started - answer.latency;
      const first = firstToken === undefined ? undefined : Math.max(0, firstToken - Math.max(0, before));
      await emit(`${side}_done`, describeAnswer(answer, first));
      return { text, raw, answer };
    }
    throw new Error("the stream ended without an answer");
  } catch (error) {
    if (signal.aborted) throw error;
    await emit(`${side}_done`, describeError(toBrevisError(error)));
    return undefined;
  }
}

function describeAnswer({ usage, latency, cost, end, model, provider }: ChatAnswer, firstToken: number | undefined) {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite,
    latency_ms: latency,
    first_token_ms: firstToken ?? null,
    cost: cost ?? null,
    end,
    model,
    provider,
  };
}
