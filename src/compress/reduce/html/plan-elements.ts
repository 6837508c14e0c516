import { splitLines } from "../../text/split-lines.js";
import { spreadRank } from "../records/spread-rank.js";
import { blockElements, boilerplateElements, silentElements, verbatimElements } from "./element-names.js";
import type { Piece } from "./read-elements.js";

/** What becomes one unit: an element, a stretch of text with the inline elements in it, or a start tag. */
export interface ElementEntry {
  readonly start: number;
  /** Index of the start tag's entry around it, or -1. */
  readonly parent: number;
  text: string;
  readonly priority: number;
  /** Of a start tag: what ends its element, empty where the page leaves that out. */
  closing?: string;
  /** The entry before the next one that is not inside: itself for anything but a start tag. */
  last: number;
}

/** Elements nested deeper are whole units, so that no unit has a long chain of parents. */
const deepestOpen = 32;
/** Source length from which what is inside an element becomes units of its own. */
const openFrom = 200;
const longestRecord = 600;
const recordElements = new Set(["tr", "li", "dt", "dd"]);
const boilerplateRank = 1.5;
/** Attributes by which pages name what is around their content. */
const boilerplateAttribute =
  /\brole=["']?(?:navigation|banner|contentinfo|complementary|search)\b|\b(?:class|id)=["']?[^"'>]{0,80}\b(?:nav\w{0,12}|menu|sidebar|breadcrumbs?|footer|toc|cookies?)\b/i;
/** Share of text below which a stretch is mostly markup. */
const leastText = 0.3;

/** Cuts a page into entries. `written` is how each piece is written. */
export function planElements(source: string, pieces: readonly Piece[], written: readonly string[]): ElementEntry[] {
  const planner: Planner = { source, pieces, written, entries: [] };
  planRange(planner, { from: 0, to: pieces.length, parent: -1, depth: 0, cap: 8 });
  return planner.entries;
}

interface Planner {
  readonly source: string;
  readonly pieces: readonly Piece[];
  readonly written: readonly string[];
  readonly entries: ElementEntry[];
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly parent: number;
  readonly depth: number;
  readonly cap: number;
}

function planRange(planner: Planner, range: Range): void {
  const { pieces } = planner;
  let place = 0;
  let last = -1;
  for (let at = range.from; at < range.to; ) {
    const self = planner.entries.length;
    const { form, closing, name } = pieces[at]!;
    const next = Math.min(range.to, closing + 1);
    if (form === "open" && isOpened(planner, at, range.depth)) openElement(planner, range, at, place++);
    else if (form === "comment" || isBlock(name, form)) addEntry(planner, range, at, next, place++);
    else {
      const end = endOfText(planner, at, range.to);
      if (isBlankRun(planner, at, end) && extendLast(planner, last, at, end)) {
        at = end;
        continue;
      }
      addEntry(planner, range, at, end, place++);
      last = self;
      at = end;
      continue;
    }
    last = self;
    at = next;
  }
}

function isBlock(name: string, form: Piece["form"]): boolean {
  const isTag = form === "open" || form === "selfClosing";
  return isTag && (blockElements.has(name) || silentElements.has(name));
}

function isOpened({ pieces }: Planner, at: number, depth: number): boolean {
  const { name, start, closing, hasBlocks } = pieces[at]!;
  const length = pieces[closing]!.end - start;
  if (depth >= deepestOpen || length <= openFrom || closing === at) return false;
  if (verbatimElements.has(name)) return true;
  return length > longestRecord || (hasBlocks && !recordElements.has(name));
}

function openElement(planner: Planner, range: Range, at: number, place: number): void {
  const { pieces, written, entries } = planner;
  const { name, start, closing, isClosed } = pieces[at]!;
  const isAround = boilerplateElements.has(name) || boilerplateAttribute.test(written[at]!);
  const rank = Math.min(range.cap, isAround ? boilerplateRank : silentElements.has(name) ? 0.3 : 7);
  const priority = recordElements.has(name) ? Math.min(rank, 3 + spreadRank(place)) : rank;
  const self = entries.length;
  const entry: ElementEntry = {
    start,
    parent: range.parent,
    text: written[at]!,
    priority,
    closing: isClosed ? written[closing]! : "",
    last: self,
  };
  entries.push(entry);
  const inside = {
    from: at + 1,
    to: isClosed ? closing : closing + 1,
    parent: self,
    depth: range.depth + 1,
    cap: priority,
  };
  if (verbatimElements.has(name)) addLines(planner, inside);
  else planRange(planner, inside);
  entry.last = entries.length - 1;
}

/** The lines of a `pre` or script. */
function addLines({ source, pieces, entries }: Planner, { from, to, parent, cap }: Range): void {
  if (from >= to) return;
  for (const { start, end } of splitLines(source, pieces[from]!.start, pieces[to - 1]!.end)) {
    entries.push({ start, parent, text: source.slice(start, end), priority: Math.min(cap, 3), last: entries.length });
  }
}

/** The end of a stretch of text and inline elements: long paragraphs are several. */
function endOfText({ pieces }: Planner, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const { form, name, closing, hasBlocks } = pieces[at]!;
    if (at > from && (form === "comment" || isBlock(name, form) || (form === "open" && hasBlocks))) break;
    at = Math.min(to, closing + 1);
    if (pieces[at - 1]!.end - pieces[from]!.start > openFrom) break;
  }
  return at;
}

function isBlankRun({ written }: Planner, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (/\S/.test(written[at]!)) return false;
  return true;
}

/** White space belongs to what it follows, if that is in the same element. */
function extendLast({ written, entries }: Planner, last: number, from: number, to: number): boolean {
  const entry = entries[last];
  if (entry === undefined) return false;
  const blanks = written.slice(from, to).join("");
  if (entry.closing === undefined) entry.text += blanks;
  else entry.closing += blanks;
  return true;
}

function addEntry(planner: Planner, range: Range, from: number, to: number, place: number): void {
  const { pieces, written, entries } = planner;
  entries.push({
    start: pieces[from]!.start,
    parent: range.parent,
    text: written.slice(from, to).join(""),
    priority: Math.min(range.cap, rankElement(planner, from, to, place)),
    last: entries.length,
  });
}

function rankElement({ pieces }: Planner, from: number, to: number, place: number): number {
  const { form, name } = pieces[from]!;
  if (form === "comment") return 0.5;
  if (form === "declaration") return 2;
  if (form !== "text" && silentElements.has(name)) return 0.3;
  if (/^(?:h[1-6]|title|caption|legend|summary)$/.test(name)) return 6;
  if (form !== "text" && boilerplateElements.has(name)) return boilerplateRank;
  let text = 0;
  for (let at = from; at < to; at++) if (pieces[at]!.form === "text") text += pieces[at]!.end - pieces[at]!.start;
  if (text < leastText * (pieces[to - 1]!.end - pieces[from]!.start)) return 2;
  return recordElements.has(name) ? 3 + spreadRank(place) : 4;
}
