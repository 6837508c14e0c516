/** How a text is kept: UTF-8, or UTF-16 where it holds lone surrogates, which UTF-8 has no bytes for. */
export type TextEncoding = "utf8" | "utf16le";

export interface EncodedText {
  readonly bytes: Buffer;
  readonly encoding: TextEncoding;
}

/** The bytes of any string, such that `decodeText` gives the very string back. */
export function encodeText(text: string): EncodedText {
  const encoding = /\p{Surrogate}/u.test(text) ? "utf16le" : "utf8";
  return { bytes: Buffer.from(text, encoding), encoding };
}

/** The inverse of `encodeText`. */
export function decodeText(bytes: Buffer, encoding: TextEncoding): string {
  return bytes.toString(encoding);
}
