import type { Span } from "../../text/spans.js";
import type { Lexeme } from "./split-lexemes.js";

/** What stands after a word, from nothing to the end of a paragraph. The order is the strength: the stronger one wins. */
export const Break = { none: 0, space: 1, line: 2, paragraph: 3 } as const;
export type Break = (typeof Break)[keyof typeof Break];

/**
 * The break after each lexeme. A line break inside a hard-wrapped paragraph is a space.
 *
 * @param wrapped breaks to take for spaces: ordered, offsets of `source`
 */
export function findBreaks(source: string, lexemes: readonly Lexeme[], wrapped: readonly Span[]): Uint8Array {
  let next = 0;
  return Uint8Array.from(lexemes, ({ coreEnd, end }) => {
    if (coreEnd === end) return Break.none;
    while (next < wrapped.length && wrapped[next]!.end < end) next++;
    if (wrapped[next]?.start === coreEnd && wrapped[next]!.end === end) return Break.space;
    let lines = 0;
    for (let at = coreEnd; at < end; at++) if (source.charCodeAt(at) === 10) lines++;
    return lines === 0 ? Break.space : lines === 1 ? Break.line : Break.paragraph;
  });
}
