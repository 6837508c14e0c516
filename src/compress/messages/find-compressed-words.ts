import { aliasSigils, readLegendLine } from "../text/legend.js";
import { findOmissionMarkers } from "../text/omission-marker.js";
import type { Warning } from "../types.js";
import { findTexts, findToolArguments } from "./find-texts.js";

const anyAlias = new RegExp(`[${aliasSigils.join("")}]\\d+`, "gu");

/**
 * Aliases and omission markers that a model copied into the arguments of its tool calls, where a tool would take them for
 * the text that they stand for.
 *
 * @param messages the conversation as the model saw it
 */
export function findCompressedWords(messages: readonly unknown[]): Warning[] {
  const aliases = new Set<string>();
  const warnings: Warning[] = [];
  for (const [index, message] of messages.entries()) {
    for (const { value } of findToolArguments(message)) {
      const found = findInArguments(value, aliases);
      if (found.length > 0) warnings.push(aliasesInToolCall(index, found));
    }
    for (const { text } of findTexts(message)) {
      for (const alias of Object.keys(readLegendLine(text)?.legend ?? {})) aliases.add(alias);
    }
  }
  return warnings;
}

function findInArguments(value: unknown, aliases: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const text of stringsOf(value)) {
    for (const { start, end } of findOmissionMarkers(text)) found.add(text.slice(start, end));
    if (aliases.size === 0) continue;
    for (const [alias] of text.matchAll(anyAlias)) if (aliases.has(alias)) found.add(alias);
  }
  return [...found];
}

/** Every string in a value; a string that holds JSON is read as JSON. */
function* stringsOf(value: unknown): Generator<string> {
  const waiting = [parseArguments(value)];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string") yield next;
    else if (typeof next === "object" && next !== null) {
      for (const [key, inner] of Object.entries(next)) waiting.push(key, inner);
    }
  }
}

/** OpenAI gives arguments as JSON text, in which a model may have escaped anything. */
function parseArguments(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function aliasesInToolCall(index: number, found: readonly string[]): Warning {
  const listed = found.slice(0, 5).join(", ");
  const message = `The tool call in message ${index} holds ${listed} from compressed text: restoreToolCalls brings back what markers stand for.`;
  return { code: "aliases-in-tool-call", message };
}
