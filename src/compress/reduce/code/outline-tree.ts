import type { Parser, TreeCursor } from "web-tree-sitter";
import {
  bracketedBodies,
  clauseNodes,
  commentNodes,
  dataBodies,
  functionNodes,
  importNodes,
  memberNodes,
  openBodies,
  stringNodes,
  transparentNodes,
  typeNodes,
  wrapperNodes,
} from "./node-types.js";
import { deepestNesting, Outline, type Role } from "./outline.js";

/** Rows from which a list of data is taken apart into its rows. */
const longData = 6;

/** Deepest node that is looked at. Beyond, rows stay with the statement that they are in. */
const deepestNode = 300;

interface Place {
  /** Row that the statements here depend on, or -1. */
  readonly parent: number;
  /** Functions around, and bodies of any kind. */
  readonly functions: number;
  readonly nesting: number;
}

/**
 * Outlines a code by its syntax tree: a unit a statement, the rows of a compound one under its first. Code with errors
 * is outlined as far as the parser understood it.
 *
 * @param code with `rows` rows, without line numbers
 * @returns nothing when the parser gave up
 */
export function outlineTree(code: string, rows: number, parser: Parser, isPython: boolean): Outline | undefined {
  // The parser reports its progress at fixed steps, so this bound on hopeless input is the same on every machine.
  // Code takes 0.006 steps a character, 0.02 at most; what is no code can take ten times more, and dear ones.
  let steps = 0;
  const most = Math.min(3_000, 60 + code.length * 0.03);
  const tree = parser.parse(code, null, { progressCallback: () => ++steps > most });
  if (tree === null) {
    parser.reset();
    return undefined;
  }
  const cursor = tree.walk();
  try {
    const outline = new Outline(rows);
    new TreeOutliner(cursor, outline, isPython).walkChildren({ parent: -1, functions: 0, nesting: 0 });
    return outline;
  } finally {
    cursor.delete();
    tree.delete();
  }
}

class TreeOutliner {
  #depth = 0;

  constructor(
    readonly cursor: TreeCursor,
    readonly outline: Outline,
    readonly isPython: boolean,
  ) {}

  /** Begins a unit at each statement under the node, and takes the long ones apart. */
  walkChildren(place: Place): void {
    let commentEnd = -2;
    let commentStart = -1;
    this.#eachChild(() => {
      if (!this.cursor.nodeIsNamed) return;
      const type = this.cursor.nodeType;
      if (transparentNodes.has(type)) return this.walkChildren(place);
      const { first, last } = this.#rows();
      if (commentNodes.has(type) || this.#isDocstring(type)) {
        if (commentEnd !== first - 1) {
          commentStart = first;
          this.outline.begin(first, place.parent, "comment", place.functions);
        }
        this.#beginComment(commentStart, first, last, place);
        commentEnd = last;
        return;
      }
      this.#beginStatement(type, first, last, place);
    });
  }

  #beginStatement(type: string, first: number, last: number, place: Place): void {
    this.outline.begin(first, place.parent, this.#roleOf(type, place), place.functions);
    if (last === first || place.nesting >= deepestNesting || importNodes.has(type)) return;
    if (openBodies.has(type)) {
      this.walkChildren({ ...place, parent: first, nesting: place.nesting + 1 });
      if (type.startsWith("preproc_if")) this.outline.begin(last, first, "closer", place.functions);
    } else {
      const functions = place.functions + (functionNodes.has(type) ? 1 : 0);
      this.#descend({ ...place, functions }, first);
    }
  }

  /** Looks for bodies inside a statement. `header` is the row on which its next body depends. */
  #descend(place: Place, header: number): void {
    this.#eachChild(() => {
      const { first, last } = this.#rows();
      const type = this.cursor.nodeType;
      if (last === first) return this.#beginShortBody(type, place, header, first);
      if (bracketedBodies.has(type)) this.#enterBody(place, this.isPython ? header : first, first, last);
      else if (openBodies.has(type)) this.#beginStatement(type, first, last, { ...place, parent: header });
      else if (stringNodes.has(type) && last - first >= longData) this.#beginText(place, first, last);
      else if (dataBodies.has(type) && last - first >= longData && first >= header) this.#enterData(place, first, last);
      else {
        const isClause = clauseNodes.has(type);
        if (isClause && first > header) this.outline.begin(first, header, "clause", place.functions);
        const functions = place.functions + (functionNodes.has(type) ? 1 : 0);
        this.#descend({ ...place, functions }, isClause ? first : header);
      }
    });
  }

  /** A function's body of one row, which stays or goes apart from the signature; a condition and its one row are one thing. */
  #beginShortBody(type: string, { functions }: Place, header: number, row: number): void {
    const isOfFunction = this.isPython && bracketedBodies.has(type) && functions > this.outline.depths[header]!;
    if (isOfFunction && row > header) this.outline.begin(row, header, "statement", functions);
  }

  #enterBody(place: Place, header: number, first: number, last: number): void {
    const inside = { parent: header, functions: place.functions, nesting: place.nesting + 1 };
    if (this.isPython) {
      if (first > header) this.outline.begin(first, header, "statement", place.functions, true);
    } else {
      if (last > first + 1) this.outline.begin(first + 1, header, "statement", place.functions, true);
      this.outline.begin(last, header, "closer", place.functions);
    }
    this.walkChildren(inside);
  }

  /** A row of data is a unit; functions among the data are taken apart in turn. */
  #enterData(place: Place, first: number, last: number): void {
    const closer = last > first ? last : -1;
    const inside = { parent: first, functions: place.functions, nesting: place.nesting + 1 };
    this.outline.begin(first + 1, first, "data", place.functions, true);
    this.outline.begin(closer, first, "closer", place.functions);
    this.#eachChild(() => {
      const rows = this.#rows();
      const isText = stringNodes.has(this.cursor.nodeType) && rows.last - rows.first >= longData;
      if (isText) return this.#beginText(place, rows.first, rows.last);
      if (!this.cursor.nodeIsNamed || rows.first === first || rows.first === last)
        return this.#descendLong(inside, rows);
      this.outline.begin(rows.first, first, "data", place.functions);
      this.#descendLong({ ...inside, parent: rows.first }, rows);
    });
  }

  /** A row of a long string is a unit, as of data. */
  #beginText({ functions }: Place, first: number, last: number): void {
    for (let row = first + 1; row < last; row++) this.outline.begin(row, first, "data", functions);
    this.outline.begin(last, first, "closer", functions);
  }

  #descendLong(place: Place, { first, last }: { first: number; last: number }): void {
    if (last > first && place.nesting < deepestNesting) this.#descend(place, first);
  }

  #beginComment(start: number, first: number, last: number, { functions }: Place): void {
    for (let row = first; row <= last; row++)
      if (row > start) this.outline.begin(row, start, "comment-rest", functions);
  }

  #roleOf(type: string, { functions }: Place): Role {
    if (importNodes.has(type)) return "import";
    if (functions > 0) return "statement";
    if (functionNodes.has(type) || typeNodes.has(type) || wrapperNodes.has(type)) return "signature";
    if (memberNodes.has(type)) return "member";
    return "top";
  }

  /** A string that stands as a statement: a docstring of Python. */
  #isDocstring(type: string): boolean {
    if (!this.isPython || type !== "expression_statement") return false;
    if (!this.cursor.gotoFirstChild()) return false;
    const isString = this.cursor.nodeType === "string";
    this.cursor.gotoParent();
    return isString;
  }

  #rows(): { first: number; last: number } {
    const first = this.cursor.startPosition.row;
    const { row, column } = this.cursor.endPosition;
    return { first, last: column === 0 && row > first ? row - 1 : row };
  }

  #eachChild(visit: () => void): void {
    if (this.#depth >= deepestNode || !this.cursor.gotoFirstChild()) return;
    this.#depth++;
    do visit();
    while (this.cursor.gotoNextSibling());
    this.cursor.gotoParent();
    this.#depth--;
  }
}
