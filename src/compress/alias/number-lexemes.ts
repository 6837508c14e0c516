import type { Span } from "../text/spans.js";

/** A text as a sequence of lexemes: words, single punctuation marks and runs of blanks, which cover it exactly. */
export interface LexemeSequence {
  /** Id of each lexeme's text; negative for what no alias may touch. */
  readonly ids: Int32Array;
  /** Where each lexeme starts; one more entry for the end. */
  readonly starts: Int32Array;
  /** The text of each id. */
  readonly texts: readonly string[];
}

const lexemePattern = /[\p{L}\p{M}\p{N}_]+|[^\S\r\n]+|[\r\n]|[^\s\p{L}\p{M}\p{N}_]/gu;

/**
 * Splits a text into lexemes and numbers them: the same lexeme has the same id wherever it stands.
 *
 * @param barred spans, ordered: the lexemes that touch one get a negative id
 * @param barredLexemes lexemes that get a negative id wherever they stand
 */
export function numberLexemes(
  text: string,
  barred: readonly Span[],
  barredLexemes: ReadonlySet<string>,
): LexemeSequence {
  const ids: number[] = [];
  const starts: number[] = [];
  const texts: string[] = [];
  const idOf = new Map<string, number>();
  let nextBarred = 0;
  for (const match of text.matchAll(lexemePattern)) {
    const lexeme = match[0];
    const start = match.index;
    while (nextBarred < barred.length && barred[nextBarred]!.end <= start) nextBarred++;
    const isBarred = nextBarred < barred.length && barred[nextBarred]!.start < start + lexeme.length;
    starts.push(start);
    if (isBarred || barredLexemes.has(lexeme)) {
      ids.push(-1);
      continue;
    }
    let id = idOf.get(lexeme);
    if (id === undefined) {
      id = texts.length;
      texts.push(lexeme);
      idOf.set(lexeme, id);
    }
    ids.push(id);
  }
  starts.push(text.length);
  return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), texts };
}
