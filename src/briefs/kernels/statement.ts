/** What one stretch of a brief says: a sentence, a heading, a row of a table, a command, a block of code. */
export interface Statement {
  readonly form: "heading" | "sentence" | "row" | "command" | "code" | "tree";
  readonly text: string;
  /** Which block of the brief it belongs to, from 0. */
  readonly block: number;
  /** Its place in the block, from 0. */
  readonly place: number;
  /** How deep in lists; 0 outside. */
  readonly depth: number;
  /** `-` or a number for the first statement of a list item, else empty. */
  readonly marker: string;
  /** What the block begins with in bold or as code, on its first statement. */
  readonly term?: string;
  /** Of a command: the comment beside or above it. */
  readonly remark?: string;
  /** Depth of a heading; language of code. */
  readonly level?: number;
  readonly language?: string;
}
