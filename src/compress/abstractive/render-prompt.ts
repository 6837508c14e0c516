import type { ChatMessage } from "../../engine/types.js";
import type { TextRules } from "../text/text-rules.js";
import type { RewritePrompt } from "./prompts.js";

/** One text to shorten. */
export interface RewriteRequest {
  readonly text: string;
  /** The most tokens that the answer may have, as the model counts them. */
  readonly target: number;
  /** Words that must stay as they are written; each is listed once. */
  readonly mustKeep: readonly string[];
}

/** More words than these are not listed: a list as long as the text helps nobody. */
const mostListed = 64;
const longestListed = 80;

/** The messages that ask for a rewrite. The first is the same for every text of a domain; nothing in them depends on time or chance. */
export function renderPrompt(prompt: RewritePrompt, request: RewriteRequest): ChatMessage[] {
  return [
    { role: "system", content: renderSystem(prompt) },
    { role: "user", content: renderUser(prompt, request) },
  ];
}

/**
 * The messages that ask for a rewrite of a text, as they are sent at run time and as training examples say them.
 *
 * @param target the most tokens that the answer is to have
 */
export function askForRewrite(
  prompt: RewritePrompt,
  text: string,
  target: number,
  { findMustKeep }: Pick<TextRules, "findMustKeep">,
): ChatMessage[] {
  const source = text.trim();
  const mustKeep = findMustKeep(source).map(({ start, end }) => source.slice(start, end));
  return renderPrompt(prompt, { text: source, target: Math.max(1, target), mustKeep });
}

function renderSystem({ system, examples }: RewritePrompt): string {
  const shown = examples.map(
    ({ source, compressed }) => `Example:\n<text>\n${source.trim()}\n</text>\nAnswer:\n${compressed.trim()}`,
  );
  return [system.trim(), ...shown].join("\n\n");
}

function renderUser(prompt: RewritePrompt, { text, target, mustKeep }: RewriteRequest): string {
  const words = [...new Set(mustKeep)].filter((word) => word.length <= longestListed && !word.includes("\n"));
  const listed = words.slice(0, mostListed).join(", ");
  const sentence = listed === "" ? "" : (prompt.mustKeep ?? "").replaceAll("{words}", () => listed);
  const values: Record<string, string> = { target: String(target), mustKeep: sentence, text };
  // A line that holds nothing but an empty list goes; what stands in the text is never read as a place.
  const template = sentence === "" ? prompt.user.replace(/^[ \t]*\{mustKeep\}[ \t]*\n/mu, "") : prompt.user;
  return template.trim().replace(/\{(target|mustKeep|text)\}/gu, (_, name: string) => values[name]!);
}
