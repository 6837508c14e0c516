import { createHash } from "node:crypto";
import { join } from "node:path";
import { readJsonLines } from "./records.js";

export interface Part {
  readonly kind: string;
  readonly language?: string;
  readonly text: string;
}

interface Labelled {
  readonly id: string;
  /** In the part that the classifier is not tuned on: about 35 %, by a hash of the id, so that none changes sides. */
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

/** The labelled snippets, relative to the root of the repository as working directory. */
export function readSnippets(): Snippet[] {
  return [...readLabelled<Snippet>("captured.jsonl"), ...readLabelled<Snippet>("written.jsonl")];
}

export function readMixed(): MixedDocument[] {
  return readLabelled<MixedDocument>("mixed.jsonl");
}

function readLabelled<T extends Labelled>(name: string): T[] {
  return readJsonLines<T>(join(folder, name)).map((record) => ({ ...record, heldOut: isHeldOut(record.id) }));
}

function isHeldOut(id: string): boolean {
  return createHash("sha256").update(id).digest().readUInt16BE(0) % 100 < 35;
}
