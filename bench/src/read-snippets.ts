import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

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
  return [...readRecords<Snippet>("captured.jsonl"), ...readRecords<Snippet>("written.jsonl")];
}

export function readMixed(): MixedDocument[] {
  return readRecords<MixedDocument>("mixed.jsonl");
}

function readRecords<T extends Labelled>(name: string): T[] {
  const path = join(folder, name);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T)
    .map((record) => ({ ...record, heldOut: isHeldOut(record.id) }));
}

function isHeldOut(id: string): boolean {
  return createHash("sha256").update(id).digest().readUInt16BE(0) % 100 < 35;
}
