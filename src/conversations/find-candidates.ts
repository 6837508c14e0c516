import { createHash } from "node:crypto";
import { findTexts, type Path, type TextRole } from "../compress/messages/find-texts.js";
import { isModelOutput, messagesOf, type WireApi } from "./wire-formats.js";

/** A text of a request that is long enough to be compressed, or was. */
export interface Candidate {
  /** From the body to the text. */
  readonly path: Path;
  readonly role: TextRole;
  readonly text: string;
  /** Identifies the text with everything before it in its conversation. */
  readonly place: string;
  readonly content: string;
  /** Whether the model has not answered to it yet. What it has answered to was sent before, and keeps its bytes. */
  readonly isNew: boolean;
}

/** Shortest texts to look at, in characters: a token has at least about one. */
export interface CandidateLengths {
  readonly tool: number;
  readonly user: number;
}

/**
 * The texts of a conversation that could be compressed: results of tools and texts of the user. System prompts, tool definitions and what
 * the model said are none.
 */
export function findCandidates(
  api: WireApi,
  body: Readonly<Record<string, unknown>>,
  lengths: CandidateLengths,
): Candidate[] {
  const { key, messages } = messagesOf(api, body);
  if (api === "responses" && typeof body.input === "string") return candidatesOfInput(body.input, lengths);
  const firstNew = findFirstNew(messages);
  const found: Candidate[] = [];
  let chain = hashOf(api);
  for (const [index, message] of messages.entries()) {
    chain = hashOf(chain, writeCanonically(message));
    for (const { path, role, text } of findTexts(message)) {
      if (role === "assistant" || text.length < lengths[role]) continue;
      const place = hashOf(chain, JSON.stringify(path));
      const fullPath = [key, index, ...path];
      found.push({ path: fullPath, role, text, place, content: hashOf(text), isNew: index >= firstNew });
    }
  }
  return found;
}

/** The input of Responses may be one text: the first of a conversation, or a further one of a conversation that the provider keeps. */
function candidatesOfInput(text: string, lengths: CandidateLengths): Candidate[] {
  if (text.length < lengths.user) return [];
  return [{ path: ["input"], role: "user", text, place: hashOf("input", text), content: hashOf(text), isNew: true }];
}

/** After the last message of the model; one that stands last begins the answer, and was not answered to. */
function findFirstNew(messages: readonly unknown[]): number {
  let last = messages.length - 1;
  while (last >= 0 && isModelOutput(messages[last])) last--;
  for (let index = last; index >= 0; index--) if (isModelOutput(messages[index])) return index + 1;
  return 0;
}

/** A message without what clients move about: the marks of where a cache ends. */
function writeCanonically(message: unknown): string {
  return JSON.stringify(message, (key, value) => (key === "cache_control" ? undefined : value)) ?? "";
}

function hashOf(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("base64url").slice(0, 27);
}
