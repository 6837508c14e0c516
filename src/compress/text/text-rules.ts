import type { Span } from "./spans.js";

/**
 * What must survive, decided on words and lines, whatever the kind of the text around them, so that the same words
 * are must-keep in a text and in its compressed form.
 */
export interface TextRules {
  /**
   * Whether a line, record or frame never goes: errors, exit codes, summaries, the markers of earlier omissions, and
   * what the caller's query and `mustKeep` match.
   */
  isEvidence(unit: string): boolean;
  /** The must-keep words of a text: ordered, not overlapping, none ending inside a word. */
  findMustKeep(text: string): Span[];
  /** How well a unit answers the caller's query, 0 (not at all) to 1; always 0 without a query. */
  queryRelevance(unit: string): number;
}
