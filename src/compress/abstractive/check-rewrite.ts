import { findMissingWords } from "../text/find-missing-words.js";
import { functionWords } from "../text/function-words.js";
import type { Span } from "../text/spans.js";
import { stripTerminalCodes } from "../text/strip-terminal-codes.js";
import type { TextRules } from "../text/text-rules.js";
import { findInvented } from "./find-invented.js";
import { isLooping } from "./find-loop.js";
import { findLostEvidence } from "./find-lost-evidence.js";
import { appendStretches, restoreWords } from "./restore-words.js";

/** Why a rewrite is not used. */
export type Rejection = "empty" | "echo" | "looping" | "off-topic" | "invented" | "fence" | "lost";

/** A rewrite that holds what its source must keep, or why there is none. */
export type CheckedRewrite = { readonly text: string; readonly restored: number } | { readonly rejected: Rejection };

/** Of the must-keep words, how many may be put back: with more of them lost, nobody knows what else is. */
const mostLost = { words: 3, share: 0.2 };
/** Of a rewrite's content words, how many its source must have: a refusal or a chat about the text has few. */
const leastShared = 0.5;
/** A rewrite of fewer characters for each of the source is no rewrite but a title. */
const leastLength = 0.04;
/** Lines of the prompt from this length on that turn up in an answer are no accident. */
const longestAccident = 30;

const fences = /^\s{0,12}(?:`{3,}|~{3,})/gmu;
const controlMarks = /<\/?think>|<\|[a-z_]+\|>|<\/?text>/giu;

type Rules = Pick<TextRules, "findMustKeep" | "isEvidence">;

/**
 * Checks a rewrite against its source: that it is one, that it invents no number and no name, and that all must-keep words and
 * evidence are in it. A few lost ones are put back.
 *
 * @param source the chunk that was rewritten
 * @param prompt what the model was told, of which nothing may turn up
 * @param isCode lost words come back with their lines: one word beside another would be other code
 */
export function checkRewrite(
  source: string,
  answer: string,
  prompt: string,
  rules: Rules,
  isCode = false,
): CheckedRewrite {
  const original = stripTerminalCodes(source).trim();
  const text = cleanAnswer(answer, original);
  const rejected = findFault(original, text, prompt);
  if (rejected !== undefined) return { rejected };
  return putBack(original, text, rules, isCode);
}

/** The answer without an empty thinking block, and without a fence or mark around it that its source does not have. */
function cleanAnswer(answer: string, source: string): string {
  let text = answer.replace(/^\s*<think>\s*<\/think>/u, "").trim();
  if (!source.startsWith("```")) text = text.replace(/^```[\w-]*\n([\s\S]*)\n```$/u, "$1").trim();
  return source.includes("<text>") ? text : text.replace(/^<text>([\s\S]*)<\/text>$/u, "$1").trim();
}

function findFault(source: string, text: string, prompt: string): Rejection | undefined {
  if (text.length < Math.max(1, source.length * leastLength)) return "empty";
  if (echoesPrompt(source, text, prompt)) return "echo";
  if (isLooping(text, source)) return "looping";
  if ((text.match(fences)?.length ?? 0) % 2 !== (source.match(fences)?.length ?? 0) % 2) return "fence";
  if (sharedContent(source, text) < leastShared) return "off-topic";
  return findInvented(source, text).length > 0 ? "invented" : undefined;
}

function echoesPrompt(source: string, text: string, prompt: string): boolean {
  if ((text.match(controlMarks) ?? []).some((mark) => !source.includes(mark))) return true;
  const lines = prompt.split("\n").map((line) => line.trim());
  return lines.some((line) => line.length >= longestAccident && text.includes(line) && !source.includes(line));
}

/** The share of a rewrite's content words that its source has, by their first letters: endings may change. */
function sharedContent(source: string, text: string): number {
  const stem = (word: string) => word.slice(0, Math.max(3, Math.min(5, word.length - 2)));
  const words = contentOf(text);
  if (words.length === 0) return 1;
  const known = contentOf(source);
  const stems = new Set(known.map(stem));
  return words.filter((word) => stems.has(stem(word))).length / words.length;
}

/** Words of content in lower case, and single characters of scripts without spaces. */
function contentOf(text: string): string[] {
  const pieces = text
    .toLowerCase()
    .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+/gu);
  return (pieces ?? []).filter((word) => (word.length > 2 || !/^[a-z]/u.test(word)) && !functionWords.has(word));
}

function putBack(source: string, text: string, { findMustKeep, isEvidence }: Rules, isCode: boolean): CheckedRewrite {
  const missing = (written: string) => findMissingWords([source], written, findMustKeep);
  const lostWords = new Set(missing(text));
  const evidence = findLostEvidence(source, text, isEvidence);
  if (lostWords.size === 0 && evidence.length === 0) return { text, restored: 0 };
  const spans = findMustKeep(source);
  const wordOf = ({ start, end }: Span) => source.slice(start, end);
  const allowed = Math.max(mostLost.words, mostLost.share * new Set(spans.map(wordOf)).size);
  if (lostWords.size + evidence.length > allowed) return { rejected: "lost" };
  const withEvidence = evidence.length === 0 ? text : appendStretches(source, text, evidence);
  const stillMissing = new Set(missing(withEvidence));
  // The first of each word: once it is back, it is there.
  const firsts = spans.filter((span) => stillMissing.delete(wordOf(span)));
  const restored = restoreWords(source, withEvidence, firsts, isCode);
  if (missing(restored).length > 0) return { rejected: "lost" };
  return { text: restored, restored: lostWords.size + evidence.length };
}
