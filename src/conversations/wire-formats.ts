import type { TextRole } from "../compress/messages/find-texts.js";

/** The interfaces whose requests are understood. */
export type WireApi = "messages" | "chat" | "responses" | "content";

type Fields = Readonly<Record<string, unknown>>;

/** Where the conversation is in a request of each interface. */
const conversationKeys: Readonly<Record<WireApi, string>> = {
  messages: "messages",
  chat: "messages",
  responses: "input",
  content: "contents",
};

/** The interface that a path belongs to; undefined for every other, which is passed on. */
export function apiOfPath(path: string): WireApi | undefined {
  if (/\/v1\/messages$/u.test(path)) return "messages";
  if (/\/chat\/completions$/u.test(path)) return "chat";
  if (/\/responses$/u.test(path)) return "responses";
  return /:(?:generateContent|streamGenerateContent)$/u.test(path) ? "content" : undefined;
}

/** The model that a request asks for: in its body, or in the path for Gemini. */
export function modelOf(api: WireApi, path: string, body: Fields): string | undefined {
  if (api === "content") return /models\/([^/:]+):/u.exec(path)?.[1];
  return typeof body.model === "string" ? body.model : undefined;
}

/** The messages of a request, and the key that they stand under. */
export function messagesOf(api: WireApi, body: Fields): { key: string; messages: readonly unknown[] } {
  const key = conversationKeys[api];
  const given = body[key];
  return { key, messages: Array.isArray(given) ? given : [] };
}

/** Whether a message is what the model said. Everything before such a message has been sent before. */
export function isModelOutput(message: unknown): boolean {
  if (!isFields(message)) return false;
  if (message.role === "assistant" || message.role === "model") return true;
  // Items of Responses have a type in place of a role; outputs of tools are the caller's.
  return message.role === undefined && typeof message.type === "string" && !message.type.endsWith("_output");
}

/** Whether a request declares tools. */
export function declaresTools({ tools, functions }: Fields): boolean {
  return [tools, functions].some((declared) => Array.isArray(declared) && declared.length > 0);
}

/** Roles whose texts may be compressed. */
export const compressedRoles: ReadonlySet<TextRole> = new Set(["tool", "user"]);

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
