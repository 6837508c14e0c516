import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const mapping =
  /^\s*(?:- )*(?:[A-Za-z_$][\w.$/-]{0,60}|"[^"]{1,60}"|'[^']{1,60}'|[\w./@-]{1,80}@[\w.()^~/@-]+):(?:$| +(?![=|>]?=)\S)/;
const blockScalar = /^\s*(?:- )*[\w.-]+: [|>][+-]?\d?$/;
const section = /^\[{1,2}[\w ."'/:-]+\]{1,2}\s*(?:#.*)?$/;
const assignment = /^#?\s*[A-Za-z_][\w.-]{0,60}\s*=\s*(?![=>])/;
const tomlValue = /=\s*(?:"[^"]*"|'[^']*'|\[.*\]?|\{.*\}|true|false|-?[\d._]+)\s*(?:#.*)?$/;
const item = /^\s*- (?!.*[.!?]$)\S/;
const comment = /^\s*[#;]/;
const codeEnding = /[;{(,]$|[^=]=>|\)\s*:$|\(\)/;
const codeKeyword =
  /^\s*(?:def|class|if|elif|else|for|while|try|except|finally|with|case|default|return|public|private|protected|lambda|const|let|var)\b/;
const directive = /^[A-Z][A-Z_0-9]{3,}\s+\S+$/;

/** YAML, TOML, INI, properties and the like: settings line by line, with their comments and block texts. */
export function detectYaml(lines: readonly LineView[], board: VoteBoard): void {
  const share = shareOfSettings(lines);
  let blockIndent = -1;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    const indent = text.length - text.trimStart().length;
    if (blockIndent >= 0 && indent > blockIndent) {
      board.add(line, "yaml", 2.4);
      continue;
    }
    blockIndent = blockScalar.test(text) ? indent : -1;
    const weight = weigh(text);
    if (weight > 0) board.add(line, "yaml", weight * (0.6 + share));
    else if (comment.test(text)) board.add(line, "yaml", 2.2 * share);
  }
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
