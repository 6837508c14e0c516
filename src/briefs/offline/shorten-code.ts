import { isAtom } from "../text/read-words.js";

/** Takes the backticks off code that shows by its form that it is code: paths, flags, dotted and underscored names. */
export function takeOffTicks(line: string): string {
  return line.replace(/(?<!`)`([^`\s]+)`(?!`)/gu, (whole, code: string) =>
    isAtom(code) && !/[*_]/u.test(code.at(0)!) && !/[<[*|\\]/u.test(code) ? code : whole,
  );
}
