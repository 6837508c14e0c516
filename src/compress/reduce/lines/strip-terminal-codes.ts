/*
 * ECMA-48 control sequences: CSI (colours, cursor), OSC (titles, links; ended by BEL or ST), character sets, and the
 * two-character escapes. No class of a sequence contains ESC, so an unfinished one is scanned once: the match is linear.
 */
const escape = String.raw`\u001b`;
const csi = String.raw`\[[0-?]*[ -/]*[@-~]`;
const osc = String.raw`\][^\u0007\u001b]*(?:\u0007|\u001b\\)`;
const terminalCodes = new RegExp(`${escape}(?:${csi}|${osc}|${String.raw`[()][0-9A-B]|[=>78DEHMNOZc]`})`, "g");

/** Backspace overstrikes, as man pages print bold (`x\bx`) and underlined (`_\bx`) characters. */
const overstrikes = /_\u0008([^\n\u0008])|([^\n\u0008])\u0008(?=\2)/g;

/** Removes what only a terminal reads: colours, cursor movement, titles, overstrikes. Never touches line breaks. */
export function stripTerminalCodes(text: string): string {
  let stripped = text;
  if (stripped.includes("\u001b")) stripped = stripped.replace(terminalCodes, "");
  if (stripped.includes("\b")) stripped = stripped.replace(overstrikes, "$1");
  return stripped;
}
