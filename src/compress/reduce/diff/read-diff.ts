import { splitLines } from "../../text/split-lines.js";

/**
 * What a line of a diff is. `file` lines open a file's part and name it; `about` lines say how it changed (mode, rename,
 * similarity); `index` gives blob ids; `text` is whatever stands around diffs: commits, statistics.
 */
export type DiffRole =
  | "file"
  | "about"
  | "index"
  | "hunk"
  | "added"
  | "removed"
  | "context"
  | "commit"
  | "stat"
  | "text";

export interface DiffLine {
  readonly start: number;
  readonly textEnd: number;
  readonly end: number;
  readonly role: DiffRole;
  /** The line that this one means nothing without, or -1. */
  readonly parent: number;
  /** Path of the file that a line of a hunk belongs to. */
  readonly path: string;
}

const aboutLine =
  /^(?:old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|similarity index|dissimilarity index|Binary files|GIT binary patch|Only in) ?/;
const hunkHeader = /^@@@* -\d+(?:,(\d+))?(?: -\d+(?:,\d+)?)* \+\d+(?:,(\d+))? @@/;
const statLine = /^ \S.* \| +(?:\d+|Bin\b)/;
const longestHeader = 2000;

/** Reads unified diffs, as git and diff -u write them, line by line. Hunks end where their header says. */
export function readDiff(source: string, start: number, end: number): DiffLine[] {
  const reader = new DiffReader(source);
  const lines = splitLines(source, start, end);
  return lines.map((line, at) => {
    const next = lines[at + 1];
    const nextStartsPlus = next !== undefined && source.startsWith("+++ ", next.start);
    return { ...line, ...reader.read(at, line.start, line.textEnd, nextStartsPlus) };
  });
}

class DiffReader {
  #file = -1;
  #hunk = -1;
  #path = "";
  /** Lines of the old and the new file that the open hunk still has to show. */
  #oldLeft = 0;
  #newLeft = 0;

  constructor(readonly source: string) {}

  read(
    at: number,
    start: number,
    end: number,
    nextStartsPlus: boolean,
  ): { role: DiffRole; parent: number; path: string } {
    const role = this.#roleOf(this.source.slice(start, Math.min(end, start + longestHeader)), nextStartsPlus);
    const parent = this.#place(role, at, start, end);
    return { role, parent, path: this.#path };
  }

  #roleOf(text: string, nextStartsPlus: boolean): DiffRole {
    if (this.#oldLeft > 0 || this.#newLeft > 0) {
      const role = this.#roleInHunk(text);
      if (role !== undefined) return role;
      this.#oldLeft = 0;
      this.#newLeft = 0;
    }
    const hunk = hunkHeader.exec(text);
    if (hunk !== null) {
      this.#oldLeft = Number(hunk[1] ?? 1);
      this.#newLeft = Number(hunk[2] ?? 1);
      return "hunk";
    }
    if (text.startsWith("\\ ")) return "context";
    if (/^diff (?:--git|--cc|--combined|-)/.test(text)) return "file";
    if (text.startsWith("--- ") && nextStartsPlus) return "file";
    if (text.startsWith("+++ ") && this.#file !== -1) return "file";
    if (text.startsWith("index ") && /^index [0-9a-f]/.test(text)) return "index";
    if (aboutLine.test(text)) return "about";
    if (/^commit [0-9a-f]{7,}/.test(text)) return "commit";
    return statLine.test(text) ? "stat" : "text";
  }

  #roleInHunk(text: string): DiffRole | undefined {
    const mark = text[0] ?? " ";
    if (mark === "+") this.#newLeft--;
    else if (mark === "-") this.#oldLeft--;
    else if (mark === " " || mark === "\t") {
      this.#oldLeft--;
      this.#newLeft--;
    } else if (mark !== "\\") return undefined;
    return mark === "+" ? "added" : mark === "-" ? "removed" : "context";
  }

  /** Follows what the line opens, and returns the line that it belongs to. */
  #place(role: DiffRole, at: number, start: number, end: number): number {
    if (role === "commit" || role === "text" || role === "stat") {
      this.#file = -1;
      this.#hunk = -1;
      return -1;
    }
    if (role === "hunk") {
      this.#hunk = at;
      return this.#file;
    }
    if (role !== "file") return role === "about" || role === "index" ? this.#file : this.#hunk;
    const opens =
      this.source.startsWith("diff ", start) || (this.source.startsWith("--- ", start) && this.#hunk !== -1);
    const parent = opens ? -1 : this.#file;
    this.#file = at;
    this.#hunk = -1;
    if (!this.source.startsWith("+++ /dev/null", start)) this.#path = this.source.slice(start + 4, end).trimEnd();
    return parent;
  }
}
