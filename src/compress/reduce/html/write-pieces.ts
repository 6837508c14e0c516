import { blockElements, droppableEnds, isEndedBy, paragraphParents, verbatimElements } from "./element-names.js";
import type { Piece } from "./read-elements.js";

/**
 * How each piece of a page is written. The document tree stays the same but for white space: runs of it become one
 * line break or space, outside of `pre` and the like; in HTML, end tags go that the standard makes optional, and so do
 * quotes around attribute values that need none.
 */
export function writePieces(source: string, pieces: readonly Piece[], xmlMode: boolean): string[] {
  const verbatim = findVerbatim(pieces);
  const written = pieces.map((piece, at) => {
    const text = source.slice(piece.start, piece.end);
    if (verbatim[at]) return text;
    if (piece.form === "text") return writeText(text, pieces[at - 1], pieces[at + 1], xmlMode);
    if (piece.form === "open" || piece.form === "selfClosing") return writeTag(text, xmlMode || piece.form !== "open");
    if (piece.form === "close" && !xmlMode && isOptional(source, pieces, at)) return "";
    return text;
  });
  joinBlanks(pieces, verbatim, written);
  return written;
}

/** Where an end tag went, the white space before and behind it is one run. */
function joinBlanks(pieces: readonly Piece[], verbatim: Uint8Array, written: string[]): void {
  let previous = -1;
  pieces.forEach(({ form }, at) => {
    if (written[at] === "") return;
    if (
      form === "text" &&
      !verbatim[at] &&
      previous !== -1 &&
      previous !== at - 1 &&
      pieces[previous]!.form === "text"
    ) {
      const before = written[previous]!;
      const blanks = /[ \n]$/.exec(before)?.[0] ?? "";
      if (blanks !== "" && /^[ \n]/.test(written[at]!)) {
        written[previous] = before.slice(0, -1);
        written[at] = (blanks === "\n" ? "\n" : written[at]![0]!) + written[at]!.slice(1);
      }
    }
    previous = form === "text" && verbatim[at] ? -1 : at;
  });
}

/** 1 for every piece inside an element whose text is not touched. */
function findVerbatim(pieces: readonly Piece[]): Uint8Array {
  const verbatim = new Uint8Array(pieces.length);
  for (let at = 0; at < pieces.length; at++) {
    const { form, name, closing } = pieces[at]!;
    if (form === "open" && verbatimElements.has(name.toLowerCase())) {
      verbatim.fill(1, at + 1, closing + 1);
      at = closing;
    }
  }
  return verbatim;
}

function writeText(text: string, before: Piece | undefined, after: Piece | undefined, xmlMode: boolean): string {
  const collapsed = text.replace(/[ \t\r\n\f]+/g, (run) => (run.includes("\n") ? "\n" : " "));
  if (collapsed !== " " || xmlMode) return collapsed;
  const isBeside = (piece: Piece | undefined) =>
    piece !== undefined && piece.form !== "text" && blockElements.has(piece.name);
  return isBeside(before) || isBeside(after) ? "" : " ";
}

const attribute = /(\s+)|=(?:"([^\s"'=<>`]+)"|'([^\s"'=<>`]+)')(?=[\s>])|"[^"]*"|'[^']*'/g;

/** A start tag with single spaces, and in HTML without the quotes that it can do without. */
function writeTag(tag: string, keepQuotes: boolean): string {
  return tag.replace(attribute, (whole, space?: string, double?: string, single?: string) => {
    if (space !== undefined) return " ";
    const value = double ?? single;
    return value === undefined || keepQuotes || value.endsWith("/") ? whole : `=${value}`;
  });
}

/** Whether the standard lets this end tag go: what follows ends its element as well. */
function isOptional(source: string, pieces: readonly Piece[], at: number): boolean {
  const { name, parent: self } = pieces[at]!;
  const opening = pieces[self];
  if (opening === undefined || opening.closing !== at || !droppableEnds.has(name)) return false;
  let next = at + 1;
  while (pieces[next]?.form === "text" && isBlank(source, pieces[next]!)) next++;
  const following = pieces[next];
  if (following === undefined) return false;
  if (following.form === "open") return following.parent === opening.parent && isEndedBy(name, following.name);
  const around = pieces[opening.parent];
  const endsParent = following.form === "close" && around?.closing === next && around.isClosed;
  return endsParent && name !== "dt" && (name !== "p" || paragraphParents.has(around.name));
}

function isBlank(source: string, { start, end }: Piece): boolean {
  return !/[^ \t\r\n\f]/.test(source.slice(start, end));
}
