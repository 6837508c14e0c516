import { findClassBodies } from "./find-class-bodies.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const mapping =
  /^\s*(?:- )*(?:\.?[A-Za-z_$][\w.$/-]{0,60}|"[^"]{1,60}"|'[^']{1,60}'|[\w./@-]{1,80}@[\w.()^~/@-]+):(?:$| +(?![=|>]?=)\S)/;
const blockScalar = /^\s*(?:- )*[\w.-]+: [|>][+-]?\d?$/;
const section = /^\[{1,2}[\w ."'/:-]+\]{1,2}\s*(?:#.*)?$/;
const assignment = /^#?\s*[A-Za-z_][\w.-]{0,60}\s*=\s*(?![=>])/;
const tomlValue = /=\s*(?:"[^"]*"|'[^']*'|\[.*\]?|\{.*\}|true|false|-?[\d._]+)\s*(?:#.*)?$/;
const item = /^\s*- (?!.*[.!?]$)\S/;
const comment = /^\s*[#;]/;
const codeEnding = /[;{(,]$|[^=]=>|\)\s*:$|\(\)/;
const codeKeyword =
  /^\s*(?:def|class|if|elif|else|for|while|try|except|finally|with|case|default|return|public|private|protected|lambda|const|let|var)\b/;
/** The lines of a long value in `Key: value` records are indented by a blank, lists in it by some more. */
const recordField = /^[A-Z][\w-]*: \S/;
const directive = /^[A-Z][A-Z_0-9]{3,}\s+\S+$/;

/** YAML, TOML, INI, properties and the like: settings line by line, with their comments and block texts. */
export function detectYaml(lines: readonly LineView[], board: VoteBoard): void {
  const share = shareOfSettings(lines);
  const inClass = findClassBodies(lines);
  let blockIndent = -1;
  let fields = 0;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || inClass[line] || board.isSettled(line)) continue;
    const indent = text.length - text.trimStart().length;
    if (blockIndent >= 0 && indent > blockIndent) {
      board.add(line, "yaml", 2.4);
      continue;
    }
    const continues = /^ {1,4}\S/.test(text);
    if (recordField.test(text)) fields++;
    else if (!continues && !/^[A-Z][\w-]*:$/.test(text)) fields = 0;
    if (continues && fields >= 2) {
      board.add(line, "yaml", 2.4);
      continue;
    }
    blockIndent = blockScalar.test(text) ? indent : -1;
    const weight = weigh(text);
    // Settings align no values behind their labels.
    const doubt = board.of(line, "listing") >= 1.9 ? 0.4 : 1;
    if (weight > 0) board.add(line, "yaml", weight * (0.6 + share) * doubt);
    else if (comment.test(text)) board.add(line, "yaml", 2.2 * share);
  }
}

/** Texts and arrays of several lines in TOML: what stands in them is nothing of its own. */
export function settleTomlValues(lines: readonly LineView[], board: VoteBoard): void {
  const longest = 100;
  if (!lines.some(({ text }) => section.test(text)) || shareOfSettings(lines) < 0.4) return;
  for (let line = 0; line < lines.length; line++) {
    const open = /^[\w."-]+ *= *("""|'''|\[)(?!.*(?:"""|'''|\]))/.exec(lines[line]!.text);
    if (open === null) continue;
    const closing = open[1] === "[" ? "]" : open[1]!;
    let end = line + 1;
    while (end < lines.length && end - line < longest && !closes(lines[end]!.text, closing)) end++;
    if (end - line === longest) continue;
    board.settle(line, Math.min(end + 1, lines.length), "yaml");
    line = end;
  }
}

function closes(text: string, closing: string): boolean {
  return closing === "]" ? /^\s*\]/.test(text) : text.includes(closing);
}

function weigh(text: string): number {
  if (section.test(text)) return 2.4;
  if (blockScalar.test(text)) return 2.6;
  if (text === "---") return 0.8;
  if (codeKeyword.test(text) || codeEnding.test(text)) return 0;
  if (mapping.test(text)) return 2;
  if (assignment.test(text)) return tomlValue.test(text) ? 1.8 : 1.1;
  if (item.test(text)) return 0.8;
  if (directive.test(text)) return 1.2;
  return 0;
}

/** The share of settings among the lines of a text that are no comments, 0..1. */
function shareOfSettings(lines: readonly LineView[]): number {
  let settings = 0;
  let others = 0;
  for (const { text, neutral } of lines) {
    if (neutral || (comment.test(text) && !assignment.test(text))) continue;
    if (weigh(text) > 0) settings++;
    else others++;
  }
  return settings === 0 ? 0 : settings / (settings + others);
}
