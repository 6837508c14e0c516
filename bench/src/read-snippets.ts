import { join } from "node:path";
import { readJsonLines } from "./records.js";

export interface Part {
  readonly kind: string;
  readonly language?: string;
  readonly text: string;
}

interface Labelled {
  readonly id: string;
  /** In the part that the classifier was first measured on without having been tuned on it. */
  readonly heldOut: boolean;
}

/** A text of one kind; `origin` is the command that printed it, the file that it is from, or `written`. */
export interface Snippet extends Part, Labelled {
  readonly origin: string;
}

/** A text of several kinds: its parts in order. */
export interface MixedDocument extends Labelled {
  readonly parts: readonly Part[];
}

const folder = join("tests", "fixtures", "classify");
const heldOutFile = "held-out.jsonl";

/** The labelled snippets, relative to the root of the repository as working directory. */
export function readSnippets(): Snippet[] {
  return ["captured.jsonl", "written.jsonl", heldOutFile].flatMap(readLabelled<Snippet>);
}

export function readMixed(): MixedDocument[] {
  return readLabelled<MixedDocument>("mixed.jsonl");
}

function readLabelled<T extends Labelled>(name: string): T[] {
  return readJsonLines<T>(join(folder, name)).map((record) => ({ ...record, heldOut: name === heldOutFile }));
}
