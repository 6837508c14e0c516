/**
 * The characters that stand for bytes in the tokens of byte-level BPE: printable Latin-1 stands for itself, the rest for U+0100 onwards
 * (`bytes_to_unicode` of GPT-2's encoder.py).
 */
const byteOfCharacter = new Map<string, number>();
const characters: string[] = [];
{
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    const character = String.fromCharCode(isPrintable ? byte : next++);
    characters.push(character);
    byteOfCharacter.set(character, byte);
  }
}

const encoder = new TextEncoder();

/** The bytes that a token stands for; those of its name where it has characters of no byte, as Hugging Face's decoder has it. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes = new Uint8Array(token.length);
  for (let at = 0; at < token.length; at++) {
    const byte = byteOfCharacter.get(token[at]!);
    if (byte === undefined) return encoder.encode(token);
    bytes[at] = byte;
  }
  return bytes;
}

/** The character that stands for a byte. */
export function characterOfByte(byte: number): string {
  return characters[byte]!;
}
