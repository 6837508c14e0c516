import { isAtom } from "../text/read-words.js";

/** Takes the backticks off code that shows by its form that it is code: paths, flags, dotted and underscored names. */
export function takeOffTicks(line: string): string {
  return line.replace(/(?<!`)`([^`\s]+)`(?!`)/gu, (whole, code: string) =>
    isAtom(code) && plainCode.test(code) ? code : whole,
  );
}

/** Without what Markdown or the end of a sentence would read otherwise: stars, angles, a dot or an underscore at an edge. */
const plainCode = /^(?:\.\/|--?)?[A-Za-z0-9@/](?:[A-Za-z0-9/:=-]|[._](?=[A-Za-z0-9]))*$/u;
