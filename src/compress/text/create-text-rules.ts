import type { TextRules } from "./text-rules.js";

const evidenceWords =
  /(?<![\p{L}\p{N}_])(?:error|fail|failed|failure|exception|fatal|panic|traceback|assert\w*|segfault|undefined reference|cannot|denied|timed out)(?![\p{L}\p{N}_])/iu;

/** The rules of one call: the built-in ones, and the caller's query and patterns. */
export function createTextRules(_caller: {
  mustKeep: readonly (string | RegExp)[];
  query: string | undefined;
}): TextRules {
  return {
    isEvidence: (unit) => evidenceWords.test(unit),
    findMustKeep: (text) =>
      Array.from(text.matchAll(/\S*\d\S*|\b(?:not|no|never)\b/giu), (m) => ({
        start: m.index,
        end: m.index + m[0].length,
      })),
    queryRelevance: () => 0,
  };
}
