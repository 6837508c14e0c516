import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { BrevisError } from "../../errors.js";
import type { ChatMessage, TextTokenizer } from "../types.js";
import type { RenderChat } from "./chat-template.js";
import { createTokenDecoder, type TokenDecoder } from "./create-token-decoder.js";
import { chooseMark, createSpecialTokens, type PromptPiece } from "./special-tokens.js";
import type { TokenizerFile } from "./tokenizer-file.js";

/** A tokenizer that can also decode an answer while it is written. */
export interface StreamingTokenizer extends TextTokenizer {
  /** Decodes the tokens of one answer; special tokens give no text. */
  createDecoder(): TokenDecoder;
  /** A training example: the very tokens that `encodeChat` asks with, then the answer, then what ends it. */
  encodeExample(messages: readonly ChatMessage[], answer: string, layout?: "chat" | "plain"): TrainingTokens;
}

/** The tokens that a model is trained on. */
export interface TrainingTokens {
  readonly tokens: Int32Array;
  /** How many of them are the question: the loss is taken over the others. */
  readonly promptTokens: number;
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

  const splitChat = (messages: readonly ChatMessage[]): PromptPiece[] => {
    if (renderChat === undefined) throw missingTemplate(directory);
    const mark = chooseMark(messages.map(({ content }) => content));
    const hidden = messages.map(({ role, content }) => ({ role, content: specialTokens.hide(content, mark) }));
    return specialTokens.split(renderChat(hidden), mark);
  };
  const encodePieces = (pieces: readonly PromptPiece[]) =>
    Int32Array.from(pieces.flatMap((piece) => ("id" in piece ? [piece.id] : encodeOrdinary(piece.text))));
  const encodeChat = (messages: readonly ChatMessage[], layout: "chat" | "plain" = "chat") =>
    layout === "chat" ? encodePieces(splitChat(messages)) : Int32Array.from(encodeOrdinary(joinPlain(messages)));

  return {
    endIds,
    encode: (text) => Int32Array.from(encodeOrdinary(text)),
    decode(ids) {
      const decoder = createTokenDecoder(names, new Set());
      return Array.from(ids, (id) => decoder.push(id)).join("") + decoder.end();
    },
    encodeChat,
    encodeExample(messages, answer, layout) {
      const prompt = encodeChat(messages, layout);
      const end =
        (layout === "plain" && renderChat === undefined ? undefined : findTurnEnd(splitChat)) ?? endIds.at(-1);
      if (end === undefined) throw missingEnd(directory);
      const tokens = Int32Array.from([...prompt, ...encodeOrdinary(answer), end]);
      return { tokens, promptTokens: prompt.length };
    },
    createDecoder: () => createTokenDecoder(names, new Set(special.map(({ id }) => id))),
  };
}

/** The answer begins on a line of its own. */
function joinPlain(messages: readonly ChatMessage[]): string {
  const contents = messages.map(({ content }) => content.trim()).filter((content) => content !== "");
  return `${contents.join("\n\n")}\n`;
}

/** The special token that the template writes after an answer, which may be one of several that end a text. */
function findTurnEnd(splitChat: (messages: readonly ChatMessage[]) => PromptPiece[]): number | undefined {
  const answer = "ANSWER";
  const pieces = splitChat([
    { role: "user", content: "First" },
    { role: "assistant", content: answer },
    { role: "user", content: "Second" },
  ]);
  const at = pieces.findIndex((piece) => "text" in piece && piece.text.includes(answer));
  const end = pieces.slice(at + 1).find((piece) => "id" in piece);
  return at < 0 || end === undefined ? undefined : end.id;
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

function missingEnd(directory: string): BrevisError {
  const message = `Expected a token that ends an answer in ${directory} but neither template nor configs name one.`;
  return new BrevisError("model-invalid", message, { hint: "Add eos_token to the model's tokenizer_config.json." });
}
