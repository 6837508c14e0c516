import type { JsonEdit } from "../../conversations/edit-json.js";
import { isFields, type WireApi } from "../../conversations/wire-formats.js";

type Fields = Readonly<Record<string, unknown>>;

/** Puts a block at the end of a request's system prompt, which is made where there is none. @returns undefined for a shape that is not known */
export function placeBlock(api: WireApi, body: Fields, block: string): JsonEdit | undefined {
  const json = JSON.stringify;
  if (api === "messages") return extend(body.system, ["system"], block, json({ type: "text", text: block }), "system");
  if (api === "responses") return extend(body.instructions, ["instructions"], block, undefined, "instructions");
  if (api === "chat") return placeInMessages(body.messages, block);
  const key = "system_instruction" in body ? "system_instruction" : "systemInstruction";
  const given = body[key];
  if (given === undefined) return { path: [], prepend: `${json(key)}:${json({ parts: [{ text: block }] })}` };
  if (!isFields(given) || !Array.isArray(given.parts)) return undefined;
  return { path: [key, "parts"], append: json({ text: block }) };
}

function extend(
  given: unknown,
  path: readonly (string | number)[],
  block: string,
  part: string | undefined,
  key: string,
): JsonEdit | undefined {
  if (typeof given === "string") return { path, json: JSON.stringify(`${given}\n\n${block}`) };
  if (Array.isArray(given) && part !== undefined) return { path, append: part };
  if (given !== undefined && given !== null) return undefined;
  if (given === null) return { path, json: JSON.stringify(block) };
  return { path: [], prepend: `${JSON.stringify(key)}:${JSON.stringify(block)}` };
}

/** The system prompt is the message, or the messages, that a conversation begins with. */
function placeInMessages(messages: unknown, block: string): JsonEdit | undefined {
  if (!Array.isArray(messages)) return undefined;
  let last = -1;
  while (isFields(messages[last + 1]) && ["system", "developer"].includes(String(messages[last + 1].role))) last++;
  if (last === -1) return { path: ["messages"], prepend: JSON.stringify({ role: "system", content: block }) };
  const path = ["messages", last, "content"];
  return extend(messages[last].content, path, block, JSON.stringify({ type: "text", text: block }), "content");
}
