/** Where in code a word stands. */
export const CodeState = { code: 0, lineComment: 1, blockComment: 2, longString: 3 } as const;

/**
 * Follows comments and long strings through code, by what stands between its words, whatever the language: `#` and `//` to
 * the line's end, `/* *\/`, and three quotes to three quotes. The function takes the gaps in order and gives the state behind each.
 */
export function createStateScanner(): (text: string, start: number, end: number) => number {
  let state: number = CodeState.code;
  let quote = "";
  return (text, start, end) => {
    for (let at = start; at < end; at++) {
      const unit = text[at]!;
      const next = at + 1 < end ? text[at + 1]! : "";
      const isTriple = (unit === '"' || unit === "'") && next === unit && at + 2 < end && text[at + 2] === unit;
      if (state === CodeState.lineComment) {
        if (unit === "\n") state = CodeState.code;
      } else if (state === CodeState.blockComment) {
        if (unit === "*" && next === "/") {
          state = CodeState.code;
          at++;
        }
      } else if (state === CodeState.longString) {
        if (isTriple && unit === quote) {
          state = CodeState.code;
          at += 2;
        }
      } else if (isTriple) {
        state = CodeState.longString;
        quote = unit;
        at += 2;
      } else if (unit === "/" && next === "*") {
        state = CodeState.blockComment;
        at++;
      } else if (unit === "#" || (unit === "/" && next === "/" && (at === start || text[at - 1] !== ":"))) {
        state = CodeState.lineComment;
      }
    }
    return state;
  };
}
