import { indentOf } from "../text/line-blanks.js";
import type { LineView } from "./read-lines.js";

const classHead = /^\s*class \w+(?:\[.*\])?(?:\(.*\))?:(?:\s*#.*)?$/;

/** Which lines stand in the body of a Python class, by line: there `name: type` declares a field, and is no setting. */
export function findClassBodies(lines: readonly LineView[]): Uint8Array {
  const inBody = new Uint8Array(lines.length);
  let headIndent = -1;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || text.trim() === "") continue;
    const indent = indentOf(text);
    if (headIndent >= 0 && indent > headIndent) inBody[line] = 1;
    else headIndent = classHead.test(text) ? indent : -1;
  }
  return inBody;
}
