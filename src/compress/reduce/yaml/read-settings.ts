import { splitLines } from "../../text/split-lines.js";

/**
 * What a line of YAML, TOML or INI is. `verbatim` lines are inside a block scalar or a multi-line string; `other` is
 * what may go on with the line before.
 */
export type SettingRole = "section" | "key" | "item" | "comment" | "blank" | "verbatim" | "other";

export interface SettingLine {
  readonly start: number;
  readonly textEnd: number;
  readonly end: number;
  readonly role: SettingRole;
  /** The line that encloses this one, or -1. */
  readonly parent: number;
  /** Lines that enclose it. */
  readonly depth: number;
  /** Of list items: position in the list. */
  readonly place: number;
}

const deepestParent = 32;
/** A line of more than this is not looked at in whole. */
const longestLook = 1000;
const sectionLine = /^\[{1,2}[^[\]]+\]{1,2}[ \t]*(?:[#;].*)?$/;
const keyLine = /^(?:- +)*(?:"[^"]*"|'[^']*'|[^\s#:='"[{][^#:='"]*?)[ \t]*(?:[:=](?:[ \t]|$)|=)/;
const blockScalar = /(?:[:-]|[:-] +[&!]\S+) +[|>][-+\d]{0,2}[ \t]*(?:#.*)?$/;

/** Reads settings line by line: what encloses a line follows from indentation and section headers. */
export function readSettings(source: string, start: number, end: number): SettingLine[] {
  const reader = new SettingReader();
  return splitLines(source, start, end).map((line, at) => {
    const text = source.slice(line.start, Math.min(line.textEnd, line.start + longestLook));
    return { ...line, ...reader.read(at, text) };
  });
}

interface OpenLine {
  readonly at: number;
  readonly indent: number;
  readonly role: SettingRole;
  items: number;
}

class SettingReader {
  readonly #open: OpenLine[] = [];
  #section = -1;
  /** Indentation of the key whose block scalar is open, or -1. */
  #scalarIndent = -1;
  /** The quotes that the open multi-line string ends with. */
  #quotes = "";

  read(at: number, text: string): Pick<SettingLine, "role" | "parent" | "depth" | "place"> {
    const indent = text.length - text.trimStart().length;
    const body = text.slice(indent);
    const role = this.#roleOf(body, indent);
    if (role === "comment" || role === "blank") return { role, parent: -1, depth: 0, place: 0 };
    if (role === "verbatim" || role === "other") return { role, ...this.#within(this.#open.length) };
    const separates = role === "section" || /^(?:---|\.\.\.)/.test(body);
    if (separates) this.#open.length = 0;
    if (separates) this.#section = role === "section" ? at : -1;
    if (role === "section") return { role, parent: -1, depth: 0, place: 0 };
    while (this.#open.length > 0 && !encloses(this.#open.at(-1)!, indent, role)) this.#open.pop();
    const around = this.#within(this.#open.length);
    const place = role === "item" && this.#open.length > 0 ? this.#open.at(-1)!.items++ : 0;
    this.#open.push({ at, indent, role, items: 0 });
    return { role, ...around, place };
  }

  #roleOf(body: string, indent: number): SettingRole {
    if (this.#quotes !== "") {
      if (body.split(this.#quotes).length % 2 === 0) this.#quotes = "";
      return "verbatim";
    }
    if (this.#scalarIndent !== -1) {
      if (body === "" || indent > this.#scalarIndent) return "verbatim";
      this.#scalarIndent = -1;
    }
    if (body === "") return "blank";
    if (body.startsWith("#") || body.startsWith(";")) return "comment";
    if (sectionLine.test(body)) return "section";
    const role = /^- |^-$/.test(body) ? "item" : keyLine.test(body) || /^(?:---|\.\.\.)/.test(body) ? "key" : "other";
    this.#openString(body, indent);
    return role;
  }

  /** A string that goes on over the next lines: a block scalar, or quotes that the line does not close. */
  #openString(body: string, indent: number): void {
    if (!/["'|>]/.test(body)) return;
    if (blockScalar.test(body)) this.#scalarIndent = indent;
    for (const quotes of ['"""', "'''"]) if (body.split(quotes).length % 2 === 0) this.#quotes = quotes;
    const opened = /[:=-][ \t]*(["'])/.exec(body);
    if (this.#quotes !== "" || opened === null) return;
    const rest = body.slice(opened.index + opened[0].length);
    const isClosed = opened[1] === '"' ? /(?<!\\)(?:\\\\)*"/.test(rest) : rest.includes("'");
    if (!isClosed) this.#quotes = opened[1]!;
  }

  #within(depth: number): { parent: number; depth: number; place: number } {
    const around = this.#open[Math.min(depth, deepestParent) - 1];
    return { parent: around?.at ?? this.#section, depth: Math.min(depth, deepestParent), place: 0 };
  }
}

/** List items may stand under their key at its own indentation. */
function encloses(open: OpenLine, indent: number, role: SettingRole): boolean {
  return open.indent < indent || (open.indent === indent && role === "item" && open.role === "key");
}
