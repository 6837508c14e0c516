import type { TokenDecoder } from "../text/create-token-decoder.js";
import type { TextStream, TokenStream } from "../types.js";

/** An answer's text as its tokens come. Leaving the loop early ends the generation, as it does for the tokens. */
export function streamText(starting: Promise<TokenStream>, decoder: TokenDecoder): TextStream {
  const report = starting.then((tokens) => tokens.report);
  // Who reads the text meets the error there; a report that nobody asks for must not end the process.
  report.catch(() => {});
  return { report, [Symbol.asyncIterator]: () => decodeTokens(starting, decoder) };
}

async function* decodeTokens(starting: Promise<TokenStream>, decoder: TokenDecoder): AsyncGenerator<string, void> {
  for await (const id of await starting) {
    const text = decoder.push(id);
    if (text !== "") yield text;
  }
  const rest = decoder.end();
  if (rest !== "") yield rest;
}
