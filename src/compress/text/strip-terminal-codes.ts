/*
 * ECMA-48 control sequences: CSI (colours, cursor), OSC (titles, links; ended by BEL or ST), character sets, and the
 * two-character escapes. No class of a sequence contains ESC, so an unfinished one is scanned once: the match is linear.
 */
const [esc, bell, backspace] = ["\u001b", "\u0007", "\b"];
const csi = String.raw`\[[0-?]*[ -/]*[@-~]`;
const osc = `\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`;
const terminalCodes = new RegExp(`${esc}(?:${csi}|${osc}|[()][0-9A-B]|[=>78DEHMNOZc])`, "g");

/** Backspace overstrikes, as man pages print bold (`x\bx`) and underlined (`_\bx`) characters. */
const overstrikes = new RegExp(`_${backspace}([^\n${backspace}])|([^\n${backspace}])${backspace}(?=\\2)`, "g");

/** Removes what only a terminal reads: colours, cursor movement, titles, overstrikes. Never touches line breaks. */
export function stripTerminalCodes(text: string): string {
  let stripped = text;
  if (stripped.includes(esc)) stripped = stripped.replace(terminalCodes, "");
  if (stripped.includes(backspace)) stripped = stripped.replace(overstrikes, "$1");
  return stripped;
}
