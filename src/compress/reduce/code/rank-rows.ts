import type { TextRules } from "../../text/text-rules.js";
import type { Outline, Role } from "./outline.js";

/** Ranks outside of functions: what a reader needs to know what there is, and how to call it. */
const rankOf: Readonly<Record<Role, number>> = {
  signature: 6,
  import: 5,
  member: 4,
  top: 4,
  comment: 1.5,
  clause: 2,
  statement: 2,
  data: 1,
  "comment-rest": 0.8,
  closer: 0,
};

const outcome =
  /\b(?:return|throw|raise|yield|assert\w*|panic!?|abort|exit|reject|unwrap|expect|goto)\b|\b(?:log\w*|console)\.(?:err|warn)/iu;
const functionValue = /=>\s*[{(]?\s*$|=\s*(?:async\s+)?function\b/u;
const licence = /copyright|licen[cs]e|SPDX/iu;
/** Rank of the first line of a comment above a signature or member, or below one as a docstring: what the code does goes before. */
const documentation = 1.6;

/** A unit of rows, as far as its rank goes. */
export interface RankedRows {
  readonly row: number;
  /** The code of its rows, without line numbers. */
  readonly text: string;
  /** Index of the unit that it depends on, or -1. */
  readonly parent: number;
}

/**
 * The structural rank of each unit: signatures before imports before members and top-level statements; in bodies what
 * answers the query, then what ends a function, then other statements, among which their scores decide.
 */
export function rankRows(units: readonly RankedRows[], outline: Outline, rules: TextRules): Float64Array {
  const ranks = new Float64Array(units.length);
  const nesting = new Uint16Array(units.length);
  const relevance = new Float64Array(units.length);
  let commentStart = 0;
  units.forEach(({ row, text, parent }, index) => {
    const role = outline.roles[row] ?? "top";
    const inherited = parent === -1 ? 0 : relevance[parent]! / 2;
    relevance[index] = Math.max(rules.queryRelevance(text), inherited);
    if (parent !== -1 && nesting[parent]! < 65_000) nesting[index] = nesting[parent]! + 1;
    if (role === "closer") ranks[index] = parent === -1 ? rankOf.top : ranks[parent]! - 0.1;
    else {
      let base = outline.depths[row]! > 0 ? rankInBody(role, text) : rankOutside(role, text);
      if (role.startsWith("comment")) base = rankComment(units, outline, index, commentStart);
      if (role === "comment") commentStart = index;
      ranks[index] = base - Math.min(0.2, nesting[index]! * 0.02) + 5 * relevance[index]!;
    }
  });
  return lowerLicence(units, outline, ranks);
}

function rankOutside(role: Role, text: string): number {
  if (role === "top" && functionValue.test(text.split("\n", 1)[0]!)) return rankOf.signature;
  return rankOf[role];
}

function rankInBody(role: Role, text: string): number {
  if (role === "data") return rankOf.data;
  const start = text.slice(0, 1000);
  return outcome.test(start) ? rankOf.statement + 0.5 : rankOf.statement;
}

/** Documentation begins with what matters, so its lines rank as they come. Rules and empty lines say nothing. */
function rankComment(units: readonly RankedRows[], outline: Outline, index: number, start: number): number {
  const { row, text, parent } = units[index]!;
  const role = outline.roles[row]!;
  if (!/[\p{L}\p{N}]/u.test(text)) return 0;
  if (role === "comment-rest") return rankOf[role] - Math.min(0.7, 0.02 * (index - start));
  if (outline.depths[row]! > 0 && !(parent === index - 1 && outline.roles[units[parent]!.row] === "signature"))
    return 1;
  let next = index + 1;
  while (next < units.length && next < index + 50 && outline.roles[units[next]!.row] === "comment-rest") next++;
  const following = next < units.length ? outline.roles[units[next]!.row] : undefined;
  return following === "signature" || following === "member" || parent === index - 1 ? documentation : rankOf.comment;
}

/** The licence at the head of a file says nothing about the code. */
function lowerLicence(units: readonly RankedRows[], outline: Outline, ranks: Float64Array): Float64Array {
  let last = 0;
  const isComment = (index: number) => outline.roles[units[index]!.row]?.startsWith("comment");
  while (last < units.length && isComment(last)) last++;
  if (!units.slice(0, last).some(({ text }) => licence.test(text))) return ranks;
  return ranks.fill(0, 0, last);
}
