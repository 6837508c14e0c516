import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { BrevisError } from "../../errors.js";
import type { ChatMessage, TextTokenizer } from "../types.js";
import type { RenderChat } from "./chat-template.js";
import { createTokenDecoder, type TokenDecoder } from "./create-token-decoder.js";
import { chooseMark, createSpecialTokens } from "./special-tokens.js";
import type { TokenizerFile } from "./tokenizer-file.js";

/** A tokenizer that can also decode an answer while it is written. */
export interface StreamingTokenizer extends TextTokenizer {
  /** Decodes the tokens of one answer; special tokens give no text. */
  createDecoder(): TokenDecoder;
}

/** What a tokenizer is made of, read from a model directory. */
export interface TokenizerParts {
  readonly file: TokenizerFile;
  /** Undefined for a model without a chat template, which then has no `encodeChat`. */
  readonly renderChat: RenderChat | undefined;
  readonly endIds: readonly number[];
  /** The model directory, for messages. */
  readonly directory: string;
}

/** Joins Hugging Face's tokenizer, the chat template and a streaming decoder. */
export function createTextTokenizer({ file, renderChat, endIds, directory }: TokenizerParts): StreamingTokenizer {
  const special = file.added_tokens.filter((token) => token.special);
  const specialTokens = createSpecialTokens(new Map(special.map(({ content, id }) => [content, id])));
  const library = openLibrary(file, directory);
  const names = {
    ordinary: (id: number) => library.id_to_token(id),
    added: new Map(file.added_tokens.map(({ id, content }) => [id, content])),
  };
  const encodeOrdinary = (text: string) => library.encode(text.toWellFormed(), { add_special_tokens: false }).ids;

  return {
    endIds,
    encode: (text) => Int32Array.from(encodeOrdinary(text)),
    decode(ids) {
      const decoder = createTokenDecoder(names, new Set());
      return Array.from(ids, (id) => decoder.push(id)).join("") + decoder.end();
    },
    encodeChat(messages: readonly ChatMessage[]) {
      if (renderChat === undefined) throw missingTemplate(directory);
      const mark = chooseMark(messages.map(({ content }) => content));
      const hidden = messages.map(({ role, content }) => ({ role, content: specialTokens.hide(content, mark) }));
      const pieces = specialTokens.split(renderChat(hidden), mark);
      return Int32Array.from(pieces.flatMap((piece) => ("id" in piece ? [piece.id] : encodeOrdinary(piece.text))));
    },
    createDecoder: () => createTokenDecoder(names, new Set(special.map(({ id }) => id))),
  };
}

/** The library knows nothing of special tokens, so that their names in a text are ordinary text. */
function openLibrary(file: TokenizerFile, directory: string): Tokenizer {
  const ordinary = { ...file, added_tokens: file.added_tokens.filter((token) => !token.special) };
  try {
    return new Tokenizer(ordinary, { clean_up_tokenization_spaces: false });
  } catch (error) {
    const path = join(directory, "tokenizer.json");
    const message = `Expected a tokenizer of Hugging Face's in ${path} but ${(error as Error).message}.`;
    throw new BrevisError("model-invalid", message, { hint: "Get the model again.", cause: error });
  }
}

function missingTemplate(directory: string): BrevisError {
  const message = `Expected a chat template in ${directory}: a chat_template.jinja, or chat_template in tokenizer_config.json.`;
  const hint = "Base models have none: take an instruction-tuned model, or add the template of the model's family.";
  return new BrevisError("model-invalid", message, { hint });
}
