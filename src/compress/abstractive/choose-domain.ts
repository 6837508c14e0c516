import type { SegmentKind } from "../types.js";
import type { Domain } from "./prompts.js";

/** Kinds that are written for reading, and code: the rest has its structure, of which whole lines and records are chosen. */
const suited: ReadonlySet<SegmentKind> = new Set(["prose", "markdown", "chat", "code"]);

/** Whether a model may rewrite segments of a kind. */
export function isSuited(kind: SegmentKind): boolean {
  return suited.has(kind);
}

const fenceLine = /^\s{0,12}(?:`{3,}|~{3,})/mu;
const codeSpan = /`[^`\n]+`/gu;
const codeLine =
  /^\s*(?:[$>] \S|(?:def|class|import|from|function|const|let|var|return|fn|pub)\s+\S)|[;{}]\s*$|=>|^\s{4,}\S/u;

/** Lines of code and code spans among so many lines make a text mixed. */
const mixedShare = 0.2;

/** Which prompt a text of a kind is rewritten with. */
export function chooseDomain(kind: SegmentKind, text: string): Domain {
  if (kind === "code") return "code";
  if (fenceLine.test(text)) return "mixed";
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const spans = text.match(codeSpan)?.length ?? 0;
  const codeLines = lines.filter((line) => codeLine.test(line)).length;
  return spans + codeLines > mixedShare * lines.length ? "mixed" : "nl";
}
