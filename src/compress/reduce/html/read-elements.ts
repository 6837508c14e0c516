import { blockElements, isEndedBy, silentElements, voidElements } from "./element-names.js";
import type { Markup } from "./read-markup.js";

/** A stretch of a page: a piece of markup, or the text between two. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly form: Markup["form"] | "text";
  /** Of tags; for text the element that it stands in. */
  readonly name: string;
  /** Of a start tag: the piece that ends the element, itself where nothing does. Else the piece itself. */
  closing: number;
  /** Of a start tag: its end tag is in the page, not only implied by what follows. */
  isClosed: boolean;
  /** Of a start tag: whether elements that stand on their own lines are inside. */
  hasBlocks: boolean;
  /** The start tag around, or -1. */
  readonly parent: number;
}

/** Joins markup and the text between to pieces, and finds where elements end, whether or not their end tags are there. */
export function readElements(markup: readonly Markup[], start: number, end: number, xmlMode: boolean): Piece[] {
  const builder = new ElementBuilder(xmlMode);
  let at = start;
  for (const piece of markup) {
    if (piece.start > at) builder.add({ start: at, end: piece.start, form: "text", name: "" });
    builder.add(piece);
    at = piece.end;
  }
  if (at < end) builder.add({ start: at, end, form: "text", name: "" });
  return builder.finish();
}

class ElementBuilder {
  readonly #pieces: Piece[] = [];
  readonly #open: number[] = [];
  /** How many elements of a name are open. */
  readonly #openCount = new Map<string, number>();

  constructor(readonly xmlMode: boolean) {}

  add({ start, end, form, name }: Omit<Markup, "form"> & { form: Piece["form"] }): void {
    if (form === "open") this.#endImplied(name);
    const isMatched = form === "close" && this.#closeUntil(name);
    const parent = this.#open.at(-1) ?? -1;
    const index = this.#pieces.length;
    const text = form === "text" && parent !== -1 ? this.#pieces[parent]!.name : name;
    this.#pieces.push({ start, end, form, name: text, closing: index, isClosed: false, hasBlocks: false, parent });
    if (form === "open" || form === "selfClosing") this.#noteBlock(parent, name);
    if (isMatched) {
      const opening = this.#pop();
      opening.closing = index;
      opening.isClosed = true;
    } else if (form === "open" && (this.xmlMode || !voidElements.has(name))) {
      this.#open.push(index);
      this.#openCount.set(name, (this.#openCount.get(name) ?? 0) + 1);
    }
  }

  finish(): Piece[] {
    while (this.#open.length > 0) this.#endBefore(this.#pieces.length);
    return this.#pieces;
  }

  /** In HTML `<li>` ends an open `<li>`. */
  #endImplied(name: string): void {
    if (this.xmlMode) return;
    while (this.#open.length > 0 && isEndedBy(this.#pieces[this.#open.at(-1)!]!.name, name)) {
      this.#endBefore(this.#pieces.length);
    }
  }

  /** Ends what is open inside the innermost element of this name; false where none is open. */
  #closeUntil(name: string): boolean {
    if ((this.#openCount.get(name) ?? 0) === 0) return false;
    while (this.#pieces[this.#open.at(-1)!]!.name !== name) this.#endBefore(this.#pieces.length);
    return true;
  }

  #endBefore(index: number): void {
    this.#pop().closing = index - 1;
  }

  #pop(): Piece {
    const piece = this.#pieces[this.#open.pop()!]!;
    this.#openCount.set(piece.name, this.#openCount.get(piece.name)! - 1);
    return piece;
  }

  #noteBlock(parent: number, name: string): void {
    const isBlock = this.xmlMode || (blockElements.has(name) && !silentElements.has(name));
    for (let at = parent; isBlock && at !== -1 && !this.#pieces[at]!.hasBlocks; at = this.#pieces[at]!.parent) {
      this.#pieces[at]!.hasBlocks = true;
    }
  }
}
