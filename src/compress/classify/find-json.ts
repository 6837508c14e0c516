/** How far a JSON value could be read. */
export interface JsonExtent {
  /** Where reading stopped, exclusive. */
  readonly end: number;
  /** `closed` at its last bracket, `cut` where the text ends within it, `invalid` where it is no JSON. */
  readonly outcome: "closed" | "cut" | "invalid";
  /** Members and elements seen. */
  readonly members: number;
}

const literal = /(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

/**
 * Reads the JSON object or array that starts at `start` (RFC 8259, and trailing commas), without building it.
 * Keeps its own stack, so depth costs no recursion.
 */
export function findJson(source: string, start: number): JsonExtent {
  const closers: number[] = [];
  let members = 0;
  let at = start;
  /** What may come next: a key (or a closing brace), the colon after it, a value (or a closing bracket), a comma. */
  let expected: "key" | "colon" | "value" | "comma" = "value";
  const stop = (outcome: JsonExtent["outcome"], end = at): JsonExtent => ({ end, outcome, members });
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 32 || code === 9 || code === 10 || code === 13) {
      at++;
    } else if (code === 123 || code === 91) {
      if (expected !== "value") return stop("invalid");
      closers.push(code + 2);
      expected = code === 123 ? "key" : "value";
      at++;
    } else if (code === 125 || code === 93) {
      if (closers.pop() !== code || expected === "colon") return stop("invalid");
      at++;
      if (closers.length === 0) return stop("closed");
      expected = "comma";
    } else if (code === 44) {
      if (expected !== "comma") return stop("invalid");
      expected = closers.at(-1) === 125 ? "key" : "value";
      at++;
    } else if (code === 58) {
      if (expected !== "colon") return stop("invalid");
      expected = "value";
      at++;
    } else {
      if (expected !== "key" && expected !== "value") return stop("invalid");
      const end = expected === "key" && code !== 34 ? -1 : endOfScalar(source, at, code);
      if (end === -1) return isCut(source, at) ? stop("cut", source.length) : stop("invalid");
      members++;
      expected = expected === "key" ? "colon" : "comma";
      at = end;
    }
  }
  return stop("cut");
}

function endOfScalar(source: string, at: number, code: number): number {
  if (code === 34) return endOfString(source, at);
  literal.lastIndex = at;
  return literal.test(source) ? literal.lastIndex : -1;
}

/** Strings may not hold line breaks, so a stray quote fails at the end of its line. */
function endOfString(source: string, at: number): number {
  for (let index = at + 1; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (code === 34) return index + 1;
    if (code === 92) index++;
    else if (code === 10) return -1;
  }
  return -1;
}

/** Whether the scalar at `at` runs to the end of the text without a line break, as the last value of a cut text does. */
function isCut(source: string, at: number): boolean {
  const code = source.charCodeAt(at);
  const newline = source.indexOf("\n", at);
  return (code === 34 || source.length - at < 8) && (newline === -1 || newline === source.length - 1);
}
