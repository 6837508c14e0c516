import { countHashComments } from "./find-comments.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const heading = /^ {0,3}#{1,6} +\S/;
const bullet = /^\s{0,8}(?:[-*+•]|\d{1,3}[.)]) +\S/;
const task = /^\s*[-*] \[[ xX]\] /;
const link = /\[[^\]\n]{1,200}\]\((?:[^)\s]|\\\)){1,300}(?: "[^"]*")?\)|^\s{0,3}\[[^\]]+\]: \S/;
const emphasis = /(?:^|[\s(])\*\*[^*\s][^*]{0,200}\*\*|(?:^|\s)__[^_\s][^_]{0,200}__(?:\s|$)/;
const codeSpan = /(?:^|[\s(])`[^`\n]{1,120}`/;
const quote = /^ {0,3}>(?: +\S|$)/;
/** Numbered items and underlined titles stand in plain text as well. */
const plainMark = /^\s*\d{1,3}[.)] |^[=-]{3,}$/;
const rule = /^ {0,3}(?:(?:- ?){3,}|(?:\* ?){3,}|(?:_ ?){3,})$/;
const underline = /^(?:={3,}|-{3,})$/;
const badge = /^\s*(?:\[?!\[|<(?:img|a|p|div|br|details|summary|h\d|b)\b)/i;
const page = /^\s*<(?:!doctype|html|head|body|\?xml)\b/i;
const directive = /^(?::{3,}|<!--|\{%|---$)/;

/** Markdown: its own marks, and, where a text has enough of them, the prose between them. */
export function detectMarkdown(lines: readonly LineView[], board: VoteBoard): void {
  let marked = 0;
  let plain = 0;
  const weights = new Float32Array(lines.length);
  const hashed = countHashComments(lines) >= 3;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    weights[line] = weigh(lines, line, text, hashed);
    const prose = board.of(line, "prose");
    const rival = board.strongestBut(line, "prose", "markdown", "yaml");
    if (rival > Math.max(1.2, prose, weights[line]!)) weights[line]! *= 0.5;
    else if (weights[line]! >= 1.6 && !plainMark.test(text)) marked += 1;
    else if (weights[line]! > 0) marked += 0.5;
    else if (prose >= 0.9) plain++;
  }
  const isPage = lines.some(({ text }) => page.test(text));
  const headings = hashed ? 0 : lines.filter(({ text }) => /^#{1,6} \S/.test(text)).length;
  const isMarkdown = marked >= 2 && marked >= 0.07 * plain;
  for (const [line, { neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    if (weights[line]! > 0) board.add(line, "markdown", weights[line]!);
    // Prose within Markdown is Markdown: nothing is gained by telling them apart.
    if (!isMarkdown) continue;
    board.add(line, "markdown", board.of(line, "prose") + 0.15);
    // Markdown may hold elements for what it has no marks for: a logo, a centred title, something folded.
    if (board.of(line, "html") > 0 && headings > 0 && !isPage)
      board.add(line, "markdown", board.of(line, "html") + 0.3);
  }
}

function weigh(lines: readonly LineView[], line: number, text: string, hashed: boolean): number {
  if (heading.test(text)) return (hashed && /^# /.test(text)) || isHashComment(lines, line) ? 0.3 : 2.4;
  if (task.test(text)) return 2.6;
  if (bullet.test(text)) return /\s\S+\s\S/.test(text) ? 1.7 : 0.9;
  if (badge.test(text)) return 1.6;
  if (link.test(text)) return 1.9;
  if (emphasis.test(text)) return 1.7;
  if (quote.test(text)) return 1.4;
  if (codeSpan.test(text)) return 1;
  if (rule.test(text) || directive.test(text)) return 0.6;
  if (underline.test(text) && line > 0 && !lines[line - 1]!.neutral && isTitle(lines[line - 1]!)) return 2;
  return 0;
}

function isTitle({ text, length }: LineView): boolean {
  return length <= 80 && /^\p{L}/u.test(text);
}

/** A heading stands alone; a comment of a script or a configuration has others or statements around it. */
function isHashComment(lines: readonly LineView[], line: number): boolean {
  const { text } = lines[line]!;
  if (!text.startsWith("# ")) return false;
  const next = lines[line + 1];
  const before = lines[line - 1];
  if (before !== undefined && /^#(?: |$)/.test(before.text)) return true;
  return next !== undefined && (/^#(?: |$)/.test(next.text) || /^[\w."-]+ ?[=:]|[;{}]$|^\s*\w+\(/.test(next.text));
}
