import type { SettingLine, SettingRole } from "./read-settings.js";

const startsEntry: ReadonlySet<SettingRole | undefined> = new Set(["section", "key", "item", "comment", undefined]);

/**
 * How each line is written: without trailing blanks, without the spaces that align comments and values, and without
 * empty lines between entries. Indentation stays, and so does every line of a multi-line string.
 */
export function tidyLines(source: string, lines: readonly SettingLine[]): string[] {
  const nextRole = nextRoles(lines);
  let before: SettingRole | undefined;
  return lines.map(({ start, textEnd, end, role }, at) => {
    const text = source.slice(start, textEnd);
    const lineBreak = source.slice(textEnd, end);
    if (role === "blank" && startsEntry.has(before) && startsEntry.has(nextRole[at])) return "";
    if (role !== "blank") before = role;
    // What goes on in the next line may end in blanks that count.
    if (role === "verbatim" || role === "other" || !startsEntry.has(lines[at + 1]?.role)) {
      if (
        lines[at + 1]?.role !== "blank" ||
        !startsEntry.has(nextRole[at]) ||
        role === "verbatim" ||
        role === "other"
      ) {
        return text + lineBreak;
      }
    }
    return (role === "comment" ? text : withoutAlignment(text)).trimEnd() + lineBreak;
  });
}

/** By line, the role of the next line that is not blank. */
function nextRoles(lines: readonly SettingLine[]): (SettingRole | undefined)[] {
  const next: (SettingRole | undefined)[] = [];
  let role: SettingRole | undefined;
  for (let at = lines.length - 1; at >= 0; at--) {
    next[at] = role;
    if (lines[at]!.role !== "blank") role = lines[at]!.role;
  }
  return next;
}

/** Only before any quote: inside of a string spaces are data. */
function withoutAlignment(text: string): string {
  const quote = text.search(/["']/);
  const plain = quote === -1 ? text : text.slice(0, quote);
  const tidy = plain.replace(/^([ \t]*(?:- )*[\w./-]+:) {2,}(?=\S)/, "$1 ").replace(/(\S) {2,}#/, "$1 #");
  return tidy + text.slice(plain.length);
}
