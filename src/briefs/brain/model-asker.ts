import type { LanguageModel } from "../../engine/types.js";
import type { AnswerEnd, ChatClient, ChatRequest } from "../../llm/types.js";

/** What is asked of a brain's model; which model, its asker knows. */
export type BriefRequest = Omit<ChatRequest, "model">;

/** What a model answered to it. */
export interface BriefAnswer {
  readonly text: string;
  readonly end: AnswerEnd;
  /** US dollars; `undefined` where there is no price. */
  readonly cost: number | undefined;
}

/** One model, wherever it runs. */
export interface ModelAsker {
  readonly slug: string;
  ask(request: BriefRequest): Promise<BriefAnswer>;
  /** What a request would cost with an answer of so many tokens; `undefined` where there is no price. */
  estimateCost(request: BriefRequest, outputTokens: number): number | undefined;
}

/** A provider's model, or one of a server that is compatible with OpenAI's. */
export function askProvider(client: ChatClient, model: string): ModelAsker {
  return {
    slug: model,
    ask: (request) => client.ask({ ...request, model }),
    estimateCost: (request, outputTokens) => client.estimateCost({ ...request, model }, outputTokens),
  };
}

/** A model on this machine: asked for nothing, one request after the other. */
export function askLocalModel(model: LanguageModel, slug: string): ModelAsker {
  return {
    slug,
    async ask({ system, messages, maxTokens, temperature = 0, sample = 0, signal }) {
      const chat = system === undefined ? messages : [{ role: "system" as const, content: system }, ...messages];
      const stream = model.answer(chat, { maxTokens, temperature, seed: sample, ...(signal ? { signal } : {}) });
      let text = "";
      for await (const piece of stream) text += piece;
      const { finish } = await stream.report;
      const end = finish === "length" || finish === "context" ? "length" : text.trim() === "" ? "empty" : "stop";
      return { text, end, cost: 0 };
    },
    estimateCost: () => 0,
  };
}
