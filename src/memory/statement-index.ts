import { hashUnits } from "../compress/text/hashing.js";

/** How two memories say the same: which of them the other one contains. */
export interface Containment {
  readonly id: string;
  /** `old`: the stored one says all of the new text; `new`: the new text says all of the stored one. */
  readonly fuller: "old" | "new";
}

/**
 * The sentences and lines of memories, to find one that says all that a text says, or all of which a text says: every sentence of one
 * stands in the other, but for case, layout and the full stop. Nothing that could be new is taken for known: another number or one more
 * "not" makes another sentence.
 */
export interface StatementIndex {
  add(id: string, text: string): void;
  discard(id: string): void;
  /** A memory that is contained or contains; what it says has to be compared once more, since statements are held as hashes. */
  find(text: string, isCandidate: (id: string) => boolean): Containment | undefined;
}

/** An index without memories. */
export function createStatementIndex(): StatementIndex {
  const holders = new Map<number, Set<string>>();
  const statements = new Map<string, ReadonlySet<number>>();
  return {
    add(id, text) {
      const own = hashStatements(text);
      statements.set(id, own);
      for (const statement of own) {
        const known = holders.get(statement);
        if (known === undefined) holders.set(statement, new Set([id]));
        else known.add(id);
      }
    },
    discard(id) {
      for (const statement of statements.get(id) ?? []) {
        const known = holders.get(statement);
        known?.delete(id);
        if (known?.size === 0) holders.delete(statement);
      }
      statements.delete(id);
    },
    find(text, isCandidate) {
      const own = hashStatements(text);
      if (own.size === 0) return undefined;
      const shared = new Map<string, number>();
      for (const statement of own)
        for (const id of holders.get(statement) ?? []) shared.set(id, (shared.get(id) ?? 0) + 1);
      for (const [id, count] of shared) {
        if (!isCandidate(id)) continue;
        if (count === own.size) return { id, fuller: "old" };
        if (count === statements.get(id)!.size) return { id, fuller: "new" };
      }
      return undefined;
    },
  };
}

/** Whether every statement of `part` stands in `whole`: what `find` said, without hashes. */
export function containsStatements(whole: string, part: string): boolean {
  const known = new Set(splitStatements(whole));
  return splitStatements(part).every((statement) => known.has(statement));
}

function hashStatements(text: string): Set<number> {
  return new Set(splitStatements(text).map((statement) => hashUnits(statement, 0, statement.length)));
}

/** The sentences and lines of a text in one spelling: lower case, no full stop or bullet, one blank between words. */
function splitStatements(text: string): string[] {
  const pieces = text.toLowerCase().split(/\r?\n|(?<=[.!?])\s+|(?<=[。！？])/u);
  const plain = pieces.map((piece) => piece.replace(/\s+/gu, " ").replace(/^[\s*•-]+|[\s.;,]+$/gu, ""));
  return plain.filter((piece) => piece !== "");
}
