import { type Line, splitLines } from "../../text/split-lines.js";
import type { RankedLine } from "../prose/compose-blocks.js";

/** A block of Markdown: text, whose units are words, or lines that stay whole. */
export type MarkdownBlock =
  | { readonly kind: "text"; readonly start: number; readonly end: number }
  | { readonly kind: "lines"; readonly lines: readonly RankedLine[] };

/** Ranks beside the words of the text, which have 0. */
const rank = {
  heading: 3,
  frontMatter: 2,
  tableHead: 0.5,
  command: 0.2,
  fenceEnd: 0.05,
  row: 0,
  aside: -1,
} as const;

/** Lines of fenced code that are one unit with their fences: a command, a small example. */
const shortCode = 5;

const heading = /^ {0,3}#{1,6}(?:\s|$)/u;
const setextRule = /^ {0,3}(?:=+|-{2,})\s*$/u;
const rule = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/u;
const fence = /^\s{0,12}(`{3,}|~{3,})/u;
const row = /^\s{0,8}\|.*\|\s*$/u;
const separator = /^\s{0,8}\|?[\s:|-]*-[\s:|-]*$/u;

/**
 * Splits Markdown into blocks that cover it. Headings, front matter, tables, fenced code, comments and images are
 * lines; paragraphs, lists and quotations are text. Blank lines belong to the line or text before them.
 */
export function splitMarkdown(source: string, start: number, end: number): MarkdownBlock[] {
  return new MarkdownSplitter(source, splitLines(source, start, end)).split();
}

class MarkdownSplitter {
  readonly #blocks: MarkdownBlock[] = [];
  #lines: RankedLine[] = [];
  #text: { start: number; end: number } | undefined;

  constructor(
    readonly source: string,
    readonly given: readonly Line[],
  ) {}

  split(): MarkdownBlock[] {
    let at = this.#addFrontMatter();
    while (at < this.given.length) at = this.#addBlock(at);
    this.#closeText();
    this.#closeLines();
    return this.#blocks;
  }

  #addBlock(at: number): number {
    const text = this.#textOf(at);
    if (text.trim() === "") return this.#addBlank(at);
    if (heading.test(text)) return this.#addLine(at, rank.heading);
    const opening = fence.exec(text);
    if (opening !== null) return this.#addFence(at, opening[1]!);
    if (text.trimStart().startsWith("<!--")) return this.#addComment(at);
    if (row.test(text)) return this.#addTable(at);
    if (this.#text === undefined || this.#isBlank(at - 1)) {
      if (setextRule.test(this.#textOf(at + 1)) && !rule.test(text))
        return this.#addLine(this.#addLine(at, rank.heading), rank.heading, this.#lines.length - 1);
    }
    return this.#addText(at);
  }

  #addFrontMatter(): number {
    if (this.#textOf(0).trim() !== "---") return 0;
    const last = this.given.slice(0, 100).findIndex((_, at) => at > 0 && this.#textOf(at).trim() === "---");
    for (let at = 0; at <= last; at++) this.#addLine(at, rank.frontMatter);
    return Math.max(0, last + 1);
  }

  #addFence(at: number, mark: string): number {
    let last = at + 1;
    while (last < this.given.length && !this.#textOf(last).trimStart().startsWith(mark)) last++;
    const next = Math.min(last + 1, this.given.length);
    if (last - at - 1 <= shortCode) return this.#addLine(at, rank.command, -1, next - 1);
    // The fences go with the first and the last line of the code, as they are nothing without it.
    this.#addLine(at, rank.row, -1, at + 1);
    const head = this.#lines.length - 1;
    for (let line = at + 2; line < last - 1; line++) this.#addLine(line, rank.row, head);
    return this.#addLine(last - 1, rank.fenceEnd, head, next - 1);
  }

  #addComment(at: number): number {
    let last = at;
    while (last < this.given.length && !this.#textOf(last).includes("-->")) last++;
    const head = this.#openRun(at, rank.aside);
    for (let line = at + 1; line <= last && line < this.given.length; line++) this.#addLine(line, rank.aside, head);
    return Math.min(this.given.length, last + 1);
  }

  #addTable(at: number): number {
    const head = this.#openRun(at, rank.tableHead);
    let next = at + 1;
    if (separator.test(this.#textOf(next))) next = this.#addLine(next, rank.tableHead, head);
    while (next < this.given.length && row.test(this.#textOf(next))) next = this.#addLine(next, rank.row, head);
    return next;
  }

  /** Adds the first line of a run whose lines depend on it, and returns its index in its block. */
  #openRun(at: number, priority: number): number {
    this.#addLine(at, priority);
    return this.#lines.length - 1;
  }

  /** Adds the lines from `at` to `last` as one unit. */
  #addLine(at: number, priority: number, parent = -1, last = at): number {
    this.#closeText();
    const { textEnd, end } = this.given[last]!;
    this.#lines.push({ line: { start: this.given[at]!.start, textEnd, end }, priority, parent });
    return last + 1;
  }

  #addText(at: number): number {
    this.#closeLines();
    const { start, end } = this.given[at]!;
    this.#text = { start: this.#text?.start ?? start, end };
    return at + 1;
  }

  #addBlank(at: number): number {
    const { start, end, textEnd } = this.given[at]!;
    const last = this.#lines.at(-1);
    if (this.#text !== undefined) this.#text.end = end;
    else if (last !== undefined) this.#lines[this.#lines.length - 1] = { ...last, line: { ...last.line, end } };
    else if (this.given.length > 1 || textEnd > start) this.#text = { start, end };
    else return this.#addLine(at, rank.aside);
    return at + 1;
  }

  #closeText(): void {
    if (this.#text !== undefined) this.#blocks.push({ kind: "text", ...this.#text });
    this.#text = undefined;
  }

  #closeLines(): void {
    if (this.#lines.length > 0) this.#blocks.push({ kind: "lines", lines: this.#lines });
    this.#lines = [];
  }

  #isBlank(at: number): boolean {
    return at < 0 || this.#textOf(at).trim() === "";
  }

  #textOf(at: number): string {
    const line = this.given[at];
    return line === undefined ? "" : this.source.slice(line.start, line.textEnd);
  }
}
