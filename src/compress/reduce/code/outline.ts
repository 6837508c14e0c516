/** What the first row of a unit is to its reader. */
export type Role =
  | "import"
  | "signature"
  | "member"
  | "top"
  | "statement"
  | "clause"
  | "closer"
  | "comment"
  | "comment-rest"
  | "data";

/** Deepest nesting that is told apart; what lies deeper hangs on its ancestor at this depth. */
export const deepestNesting = 24;

/**
 * Which rows of a code begin a unit, and on which unit each depends. A row that begins none continues the one before.
 * A row's parent comes before it.
 */
export class Outline {
  readonly roles: (Role | undefined)[];
  readonly parents: Int32Array;
  /** Number of functions around a row: 0 outside of any. */
  readonly depths: Uint8Array;
  readonly #tentative: Uint8Array;

  constructor(readonly rows: number) {
    this.roles = new Array<Role | undefined>(rows).fill(undefined);
    this.parents = new Int32Array(rows).fill(-1);
    this.depths = new Uint8Array(rows);
    this.#tentative = new Uint8Array(rows);
  }

  /** Begins a unit at a row, unless one begins there already; a tentative beginning gives way to a later one. */
  begin(row: number, parent: number, role: Role, depth: number, tentative = false): void {
    if (row < 0 || row >= this.rows || parent >= row) return;
    const settled = this.roles[row] !== undefined && this.#tentative[row] === 0;
    if (settled && !(role === "clause" && this.roles[row] === "closer")) return;
    this.roles[row] = role;
    this.parents[row] = parent;
    this.depths[row] = Math.min(255, depth);
    this.#tentative[row] = tentative ? 1 : 0;
  }
}
