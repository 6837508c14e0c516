/** What a brief is made of, marks of Markdown taken off. Lines are of the source, counted from 0. */
export type Block = HeadingBlock | TextBlock | CodeBlock | RowBlock;

export interface HeadingBlock {
  readonly type: "heading";
  readonly depth: number;
  readonly text: string;
}

/** A paragraph, or the first paragraph of a list item. */
export interface TextBlock {
  readonly type: "text";
  readonly text: string;
  /** What the block begins with in bold or as code. */
  readonly term: string | undefined;
  /** 0 outside of lists, else how deep the item lies. */
  readonly depth: number;
  /** `-`, or the number of an item of an ordered list with its full stop; empty outside of lists. */
  readonly marker: string;
}

export interface CodeBlock {
  readonly type: "code";
  readonly language: string;
  readonly lines: readonly string[];
  readonly depth: number;
}

/** A row of a table. */
export interface RowBlock {
  readonly type: "row";
  readonly header: readonly string[];
  readonly cells: readonly string[];
}
