import { Template } from "@huggingface/jinja";
import { BrevisError } from "../../errors.js";
import type { ChatMessage } from "../types.js";

/** Writes a conversation as the prompt that a model was trained on, ready for its answer. */
export type RenderChat = (messages: readonly ChatMessage[]) => string;

/**
 * Reads a chat template: Jinja in the dialect of Hugging Face's tokenizers
 * (https://huggingface.co/docs/transformers/chat_templating).
 *
 * @param names special tokens' names by their role, as the template may use them: `bos_token`, `eos_token`, ...
 * @param path for messages
 * @throws {BrevisError} `model-invalid` when the template does not parse
 */
export function readChatTemplate(source: string, names: Readonly<Record<string, string>>, path: string): RenderChat {
  const template = parse(source, path);
  return (messages) => {
    try {
      return template.render({
        ...names,
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: true,
        enable_thinking: false,
      });
    } catch (error) {
      const message = `The chat template of ${path} refuses these messages: ${messageOf(error)}`;
      const hint = "Most templates want one system message at most, first, and then user and assistant in turn.";
      throw new BrevisError("invalid-input", message, { hint, cause: error });
    }
  };
}

function parse(source: string, path: string): Template {
  try {
    return new Template(source);
  } catch (error) {
    const message = `Expected a chat template in ${path} but it does not parse: ${messageOf(error)}`;
    throw new BrevisError("model-invalid", message, { hint: "Get the model again.", cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
