import { z } from "zod";
import { BrevisError } from "../../errors.js";
import type { ChatMessage, GenerateOptions, LanguageModel, TokenStream } from "../types.js";
import type { OpenedModel } from "./language-model-loader.js";
import type { Lease } from "./share-opened.js";
import { streamText } from "./stream-text.js";

const chat = z
  .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
  .min(1, "expected at least one message");

/** One caller's handle on an opened model. */
export function createLanguageModel({ value: model, release }: Lease<OpenedModel>): LanguageModel {
  const { engine, tokenizer } = model;
  let disposed = false;
  const refuseDisposed = () => {
    if (disposed) throw disposedError(engine.directory);
  };
  const dispose = () => {
    disposed = true;
    return release();
  };
  return {
    directory: engine.directory,
    info: engine.info,
    tokenizer,
    async useAdapter(nameOrDirectory, { signal } = {}) {
      refuseDisposed();
      return model.adapters.acquire(nameOrDirectory, signal);
    },
    answer(messages, options) {
      const starting = (async () => {
        refuseDisposed();
        return startAnswer(model, messages, options);
      })();
      return streamText(starting, tokenizer.createDecoder());
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

async function startAnswer(
  { engine, tokenizer, sessions }: OpenedModel,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): Promise<TokenStream> {
  const { success, error } = chat.safeParse(messages);
  if (!success) throw new BrevisError("invalid-input", `messages: ${z.prettifyError(error)}`);
  const prompt = tokenizer.encodeChat(messages, options.layout);
  if (prompt.length >= engine.info.context) throw promptTooLong(prompt.length, engine.info.context);
  const stopIds = [...new Set([...tokenizer.endIds, ...(options.stopIds ?? [])])];
  return sessions.generate(prompt, { ...options, stopIds });
}

function promptTooLong(tokens: number, context: number): BrevisError {
  const message = `Expected a prompt below the model's context of ${context} tokens but it has ${tokens}.`;
  return new BrevisError("invalid-input", message, {
    hint: "Give shorter messages, or a model with a longer context.",
  });
}

function disposedError(directory: string): BrevisError {
  const message = `Expected a model in use but the handle on ${directory} was disposed of.`;
  return new BrevisError("invalid-input", message, { hint: "Load the model again." });
}
