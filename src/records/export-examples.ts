import type { Pair } from "./pair.js";

/** One turn of a training example. */
export interface ExampleMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A line of the files that mlx-lm, PEFT's trainers and Tinker read as chats: https://github.com/ml-explore/mlx-lm/blob/main/mlx_lm/LORA.md#data */
export interface ChatExample {
  readonly messages: readonly ExampleMessage[];
}

/** What a model is told when it is to write a pair's compressed form. The one that asks at run time has to be given, so that both say the same. */
export type RenderQuestion = (pair: Pair) => readonly ExampleMessage[];

/** A pair as a chat: the question, and the compressed text as its answer. */
export function exportExample(pair: Pair, renderQuestion: RenderQuestion): ChatExample {
  return { messages: [...renderQuestion(pair), { role: "assistant", content: pair.compressed.trim() }] };
}
