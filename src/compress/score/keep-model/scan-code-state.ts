/** What a place in code is part of. */
export const CodeState = { code: 0, lineComment: 1, blockComment: 2, longString: 3 } as const;

/**
 * Follows comments and long strings through what stands between words, near enough for most languages: `#` and `//` to
 * the line's end, C's comments, and Python's strings in three quotes.
 */
export class CodeStateScanner {
  #state: number = CodeState.code;
  #quote = "";

  /** The state after a gap between words. */
  passOver(gap: string): number {
    let at = 0;
    while (at < gap.length) at += this.#step(gap, at);
    return this.#state;
  }

  /** Reads one mark; returns its length. */
  #step(gap: string, at: number): number {
    const one = gap[at]!;
    const two = gap.slice(at, at + 2);
    const three = gap.slice(at, at + 3);
    if (this.#state === CodeState.lineComment) {
      if (one === "\n") this.#state = CodeState.code;
      return 1;
    }
    if (this.#state === CodeState.blockComment) return this.#leave(two, "*/");
    if (this.#state === CodeState.longString) return this.#leave(three, this.#quote);
    if (three === '"""' || three === "'''") {
      this.#state = CodeState.longString;
      this.#quote = three;
      return 3;
    }
    if (two === "/*") {
      this.#state = CodeState.blockComment;
      return 2;
    }
    // A URL's slashes open no comment.
    if (one === "#" || (two === "//" && gap[at - 1] !== ":")) this.#state = CodeState.lineComment;
    return 1;
  }

  #leave(found: string, end: string): number {
    if (found !== end) return 1;
    this.#state = CodeState.code;
    return end.length;
  }
}
