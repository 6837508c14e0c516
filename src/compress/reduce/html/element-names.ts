import { wordSet } from "../../text/word-set.js";

/** HTML elements without content: they have no end tag. */
export const voidElements = wordSet("area base br col embed hr img input link meta param source track wbr");

/** Elements that stand on lines of their own: white space beside their tags means nothing. */
export const blockElements = wordSet(
  "html head body title base link meta style script noscript template main article section nav aside header footer div " +
    "address blockquote figure figcaption details summary dialog fieldset legend form hr p pre ul ol menu li dl dt dd table " +
    "caption colgroup col thead tbody tfoot tr th td h1 h2 h3 h4 h5 h6 hgroup option optgroup",
);

/** Elements whose text is not touched. */
export const verbatimElements = wordSet("pre textarea script style xmp listing plaintext");

/** Elements that tell a reader of the page next to nothing. */
export const silentElements = wordSet("script style svg noscript template link meta base canvas iframe object embed");

/** Parts of a page around what it is about. */
export const boilerplateElements = wordSet("nav footer aside head menu");

/** By start tag, which open elements it ends (HTML Standard, 13.1.2.4 Optional tags). */
const endedBy = new Map<string, ReadonlySet<string>>([
  ["li", wordSet("li")],
  ["dt", wordSet("dt dd")],
  ["dd", wordSet("dt dd")],
  ["tr", wordSet("tr td th")],
  ["td", wordSet("td th")],
  ["th", wordSet("td th")],
  ["thead", wordSet("tr td th")],
  ["tbody", wordSet("thead tbody tr td th")],
  ["tfoot", wordSet("thead tbody tr td th")],
  ["option", wordSet("option")],
  ["optgroup", wordSet("option optgroup")],
]);

const endParagraph = wordSet(
  "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main " +
    "menu nav ol p pre section table ul",
);

/** Whether the start tag `next` ends an open element `open`. */
export function isEndedBy(open: string, next: string): boolean {
  return open === "p" ? endParagraph.has(next) : (endedBy.get(next)?.has(open) ?? false);
}

/** Elements whose end tag goes where the standard lets it; those of table sections stay, as simple readers need them. */
export const droppableEnds = wordSet("li dt dd tr td th option p");
/** A paragraph's end tag goes before the end of one of these; a transparent parent (`a`, `ins`) would need it. */
export const paragraphParents = wordSet(
  "div section article li td th dd blockquote body main aside header footer form",
);
