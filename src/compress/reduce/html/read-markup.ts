import type { TokenizerCallbacks, Tokenizer as TokenizerClass } from "htmlparser2";

/** A tag, a comment or a declaration of a page: `source[start, end)`. */
export interface Markup {
  readonly start: number;
  readonly end: number;
  readonly form: "open" | "close" | "selfClosing" | "comment" | "declaration";
  /** Of tags, in lower case unless the page is XML. */
  readonly name: string;
}

/** Finds tags, comments and declarations in `source[start, end)`; what is between them is text. */
export function readMarkup(
  Tokenizer: typeof TokenizerClass,
  source: string,
  start: number,
  end: number,
  xmlMode: boolean,
): Markup[] {
  const markup: Markup[] = [];
  let name = { start: 0, end: 0 };
  const nameOf = (nameStart: number, nameEnd: number) => {
    const written = source.slice(start + nameStart, start + nameEnd);
    return xmlMode ? written : written.toLowerCase();
  };
  // A malformed end may be reported within what came before; pieces never overlap.
  const add = (form: Markup["form"], from: number, to: number, tag = "") => {
    const piece = {
      form,
      start: Math.max(start + from, markup.at(-1)?.end ?? start),
      end: Math.min(end, start + to),
      name: tag,
    };
    if (piece.start < piece.end) markup.push(piece);
  };
  const addFromBracket = (form: Markup["form"], inside: number, last: number) =>
    add(form, source.lastIndexOf("<", start + inside) - start, last + 1);
  const ignore = () => {};
  const callbacks: TokenizerCallbacks = {
    onopentagname: (from, to) => {
      name = { start: from, end: to };
    },
    onopentagend: (last) => add("open", name.start - 1, last + 1, nameOf(name.start, name.end)),
    onselfclosingtag: (last) => add("selfClosing", name.start - 1, last + 1, nameOf(name.start, name.end)),
    onclosetag: (from, to) => {
      const last = source.indexOf(">", start + to);
      if (last !== -1 && last < end) add("close", from - 2, last + 1 - start, nameOf(from, to));
    },
    oncomment: (from, last) => addFromBracket("comment", from, last),
    ondeclaration: (from, last) => addFromBracket("declaration", from, last),
    onprocessinginstruction: (from, last) => addFromBracket("declaration", from, last),
    oncdata: ignore,
    onattribdata: ignore,
    onattribentity: ignore,
    onattribend: ignore,
    onattribname: ignore,
    ontext: ignore,
    ontextentity: ignore,
    onend: ignore,
  };
  const tokenizer = new Tokenizer({ xmlMode, decodeEntities: false }, callbacks);
  tokenizer.write(source.slice(start, end));
  tokenizer.end();
  return markup;
}
