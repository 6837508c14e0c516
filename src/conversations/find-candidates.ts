import { createHash } from "node:crypto";
import { findTexts, type Path, type TextPlace, type TextRole } from "../compress/messages/find-texts.js";
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
  const found = placeTexts(messages, { findTexts, isModelOutput, marks: cacheMarks, chain: api }, lengths);
  return found.map((candidate) => ({ ...candidate, path: [key, ...candidate.path] }));
}

/** What is known of the messages of a kind of conversation. */
export interface MessageShape {
  findTexts(message: unknown): readonly TextPlace[];
  isModelOutput(message: unknown): boolean;
  /** Fields that clients move about, which are no part of a conversation's identity: the marks of where a cache ends. */
  readonly marks: ReadonlySet<string>;
  /** Tells conversations of this kind from others that look the same. */
  readonly chain: string;
}

const cacheMarks: ReadonlySet<string> = new Set(["cache_control"]);

/** The texts that could be compressed in a list of messages; their paths begin at the list. */
export function placeTexts(
  messages: readonly unknown[],
  { findTexts: textsOf, isModelOutput: isModel, marks, chain: kind }: MessageShape,
  lengths: CandidateLengths,
): Candidate[] {
  const firstNew = findFirstNew(messages, isModel);
  const found: Candidate[] = [];
  let chain = hashOf(kind);
  for (const [index, message] of messages.entries()) {
    chain = hashOf(chain, writeCanonically(message, marks));
    for (const { path, role, text } of textsOf(message)) {
      if (role === "assistant" || text.length < lengths[role]) continue;
      const place = hashOf(chain, JSON.stringify(path));
      found.push({ path: [index, ...path], role, text, place, content: hashOf(text), isNew: index >= firstNew });
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
function findFirstNew(messages: readonly unknown[], isModel: (message: unknown) => boolean): number {
  let last = messages.length - 1;
  while (last >= 0 && isModel(messages[last])) last--;
  for (let index = last; index >= 0; index--) if (isModel(messages[index])) return index + 1;
  return 0;
}

function writeCanonically(message: unknown, marks: ReadonlySet<string>): string {
  const write = (key: string, value: unknown) => {
    if (marks.has(key)) return undefined;
    // As JSON, each byte of an image would be a member.
    return value instanceof Uint8Array ? createHash("sha256").update(value).digest("base64url") : value;
  };
  return JSON.stringify(message, write) ?? "";
}

function hashOf(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("base64url").slice(0, 27);
}
