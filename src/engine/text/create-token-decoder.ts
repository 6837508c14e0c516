import { bytesOfToken } from "./byte-alphabet.js";

/** Turns token ids into text as they come; what it gives adds up to the text of all of them. */
export interface TokenDecoder {
  /** The text that is whole now: bytes of a character that goes on in the next token are held back. */
  push(id: number): string;
  /** What was held back: a character that was never finished is a replacement character (U+FFFD). */
  end(): string;
}

/** The vocabulary by id. */
export interface TokenNames {
  /** The token of an id in the byte alphabet; undefined for an id that the tokenizer does not have. */
  ordinary(id: number): string | undefined;
  /** The name of an added token, as plain text. */
  readonly added: ReadonlyMap<number, string>;
}

/** @param skipped ids that give no text */
export function createTokenDecoder(names: TokenNames, skipped: ReadonlySet<number>): TokenDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push(id) {
      if (skipped.has(id)) return "";
      const added = names.added.get(id);
      if (added !== undefined) return utf8.decode() + added;
      const token = names.ordinary(id);
      return token === undefined ? "" : utf8.decode(bytesOfToken(token), { stream: true });
    },
    end: () => utf8.decode(),
  };
}
