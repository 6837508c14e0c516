import { indentOf } from "../text/line-blanks.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const opening = /^\s*<([A-Za-z][\w:.-]*)(?=[\s/>]|$)/;
const declaration = /^\s*<(?:\?xml|!DOCTYPE|!doctype|!--|!\[CDATA|!ELEMENT|!ATTLIST|!ENTITY)/;
const tagLine = /^\s*<\/?[A-Za-z][\w:.-]*(?:\s[^<>]*)?\/?>/;
/** Tags that are broken within, so that their ends start the lines: `><TITLE`. */
const brokenTag = /^>\s*<\/?[A-Za-z]|^\s*<[A-Za-z]+$|^>.*<\/?[A-Za-z][\w]*$|^[A-Z]+="[^"]*"$/;
/** Tags that mark who speaks. */
const roleTag = /^\s*<\/?(?:user|assistant|human|system|tool)>/i;
const closingAnywhere = /<\/[A-Za-z][\w:.-]*>/;
const inlineTags = /<\/?[A-Za-z][^<>]*>.*<\/?[A-Za-z][^<>]*>|&nbsp;.*&nbsp;/;
const attributeLine = /^\s+[\w:-]+="[^"]*"(?:\s*\/?>)?$/;

/** HTML and XML: tags line by line, and whole documents from a declaration or an unindented tag to its closing one. */
export function detectHtml(lines: readonly LineView[], board: VoteBoard): void {
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line) || !(text.includes("<") || text.includes('="') || text.includes("-->")))
      continue;
    if (roleTag.test(text)) continue;
    if (declaration.test(text)) board.add(line, "html", 2.8);
    else if (tagLine.test(text)) board.add(line, "html", closingAnywhere.test(text) ? 2.6 : 2);
    else if (opening.test(text)) board.add(line, "html", 1.2);
    else if (inlineTags.test(text)) board.add(line, "html", 1.8);
    else if (closingAnywhere.test(text)) board.add(line, "html", 1.4);
    else if (attributeLine.test(text)) board.add(line, "html", 1);
    else if (brokenTag.test(text)) board.add(line, "html", 1);
    else if (text.endsWith("-->")) board.add(line, "html", 1.5);
  }
  fillBetweenTags(lines, board);
  claimComments(lines, board);
  for (let line = 0; line < lines.length; line++) {
    const end = endOfDocument(lines, line);
    if (end === -1) continue;
    board.claim(line, end, "html", 2.5);
    line = end - 1;
  }
}

function claimComments(lines: readonly LineView[], board: VoteBoard): void {
  const longest = 200;
  let opened = false;
  for (let line = 0; line < lines.length; line++) {
    const { text } = lines[line]!;
    // A comment that was cut at its start.
    if (text.trimEnd().endsWith("-->") && !text.includes("<!--") && line < longest && !opened) {
      for (let above = 0; above <= line; above++) board.add(above, "html", 2.6);
      opened = true;
    }
    opened ||= text.includes("<!--");
    if (!/^\s*<!--/.test(text)) continue;
    let end = line;
    while (end < lines.length && end - line < longest && !lines[end]!.text.includes("-->")) end++;
    if (end === lines.length || end - line === longest) continue;
    for (; line <= end; line++) board.add(line, "html", 3);
    line--;
  }
}

/** Text between tags that are not far apart is the text of the document, where a text has enough tags. */
function fillBetweenTags(lines: readonly LineView[], board: VoteBoard): void {
  const longestText = 12;
  const tagged = lines.flatMap((_, line) => (board.of(line, "html") >= 1.4 ? [line] : []));
  if (tagged.length < 4 || tagged.length < lines.length / 6) return;
  for (const [index, line] of tagged.entries()) {
    const before = tagged[index - 1] ?? line;
    if (line - before > longestText) continue;
    for (let within = before + 1; within < line; within++) board.add(within, "html", 2);
  }
}

/** Exclusive end of the document that starts at this line; a cut one reaches as far as there are tags; -1 for none. */
function endOfDocument(lines: readonly LineView[], start: number): number {
  const { text } = lines[start]!;
  if (indentOf(text) > 0 || roleTag.test(text)) return -1;
  if (/^<(?:!doctype )?html\b/i.test(text)) return endOfPage(lines, start);
  if (declaration.test(text) && !text.startsWith("<!--")) return lastTagLine(lines, start) + 1;
  const name = opening.exec(text)?.[1];
  if (name === undefined || !/^[a-z]/.test(name) || lines.length - start < 2) return -1;
  const closing = `</${name}>`;
  if (text.includes(closing) || text.endsWith("/>")) return -1;
  for (let line = start + 1; line < lines.length; line++) {
    if (lines[line]!.text.startsWith(closing)) return line + 1;
    // Looking further than this for the end of every tag would not be linear.
    if (line - start > 400) return -1;
  }
  return -1;
}

/** A page reaches to its closing tag; one that was cut, as far as there are tags. */
function endOfPage(lines: readonly LineView[], start: number): number {
  for (let line = start; line < lines.length; line++) if (/<\/html>/i.test(lines[line]!.text)) return line + 1;
  return lastTagLine(lines, start) + 1;
}

/** The last line with a tag, with no stretch of more than `gap` lines without one before it. */
function lastTagLine(lines: readonly LineView[], start: number): number {
  const gap = 30;
  let last = start;
  for (let line = start + 1; line < lines.length && line - last <= gap; line++) {
    const { text } = lines[line]!;
    if (
      tagLine.test(text) ||
      closingAnywhere.test(text) ||
      attributeLine.test(text) ||
      brokenTag.test(text) ||
      text.endsWith("-->")
    )
      last = line;
  }
  return last;
}
