/**
 * Where the texts of a message are, in the shapes of Anthropic (messages), OpenAI (chat completions, responses input items)
 * and Gemini (contents). What is not found here is left as it is: system prompts, tool definitions, tool calls and their
 * arguments, ids, images and documents, thinking and its signatures, texts that citations point into.
 */

/** Who a text comes from. */
export type TextRole = "user" | "assistant" | "tool";

/** Keys and indexes that lead from a message to a value in it. */
export type Path = readonly (string | number)[];

export interface TextPlace {
  /** Keys and indexes that lead from the message to the text. */
  readonly path: Path;
  readonly role: TextRole;
  readonly text: string;
}

type Fields = Readonly<Record<string, unknown>>;

const roleNames: Readonly<Record<string, TextRole>> = {
  user: "user",
  assistant: "assistant",
  model: "assistant",
  tool: "tool",
  function: "tool",
};

const toolOutputItems: ReadonlySet<unknown> = new Set(["function_call_output", "custom_tool_call_output"]);
const textBlocks: ReadonlySet<unknown> = new Set(["text", "input_text", "output_text"]);

/** The texts of one message, in document order; none for a shape that is not known. */
export function findTexts(message: unknown): TextPlace[] {
  if (!isFields(message)) return [];
  if (toolOutputItems.has(message.type)) return findInContent(message.output, ["output"], "tool");
  if (message.type !== undefined && message.type !== "message") return [];
  const role = roleOf(message);
  if (role === undefined) return [];
  if (Array.isArray(message.parts)) return message.parts.flatMap((part, at) => findInPart(part, ["parts", at], role));
  return findInContent(message.content, ["content"], role);
}

/** Whose message it is; undefined for system and developer messages, and for what is no message. */
export function roleOf(message: unknown): TextRole | undefined {
  if (!isFields(message)) return undefined;
  if (toolOutputItems.has(message.type)) return "tool";
  const name = message.role;
  return typeof name === "string" && Object.hasOwn(roleNames, name) ? roleNames[name] : undefined;
}

/** A string, or blocks of Anthropic and OpenAI. */
function findInContent(content: unknown, path: Path, role: TextRole): TextPlace[] {
  if (typeof content === "string") return [{ path, role, text: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block, at) => findInBlock(block, [...path, at], role));
}

function findInBlock(block: unknown, path: Path, role: TextRole): TextPlace[] {
  if (!isFields(block)) return [];
  if (block.type === "tool_result") return findInContent(block.content, [...path, "content"], "tool");
  if (!textBlocks.has(block.type) || typeof block.text !== "string" || isPointedInto(block)) return [];
  return [{ path: [...path, "text"], role, text: block.text }];
}

/** Citations and annotations hold offsets into the text beside them. */
function isPointedInto({ citations, annotations }: Fields): boolean {
  return [citations, annotations].some((pointers) => Array.isArray(pointers) && pointers.length > 0);
}

/** A part of Gemini. A signature is made over the part that it stands in, so such a part stays. */
function findInPart(part: unknown, path: Path, role: TextRole): TextPlace[] {
  if (!isFields(part) || part.thought === true || part.thoughtSignature !== undefined) return [];
  if (typeof part.text === "string") return [{ path: [...path, "text"], role, text: part.text }];
  if (!isFields(part.functionResponse) || !isFields(part.functionResponse.response)) return [];
  return Object.entries(part.functionResponse.response).flatMap(([key, text]) =>
    typeof text === "string" ? [{ path: [...path, "functionResponse", "response", key], role: "tool", text }] : [],
  );
}

/** The arguments of the tool calls in a message, each an object or a JSON text. */
export function findToolArguments(message: unknown): { path: Path; value: unknown }[] {
  if (!isFields(message)) return [];
  const found: { path: Path; value: unknown }[] = [];
  const add = (holder: unknown, path: Path, key: string) => {
    if (isFields(holder) && holder[key] !== undefined) found.push({ path: [...path, key], value: holder[key] });
  };
  const each = (list: unknown, visit: (item: Fields, at: number) => void) => {
    if (Array.isArray(list)) for (const [at, item] of list.entries()) if (isFields(item)) visit(item, at);
  };
  if (message.type === "function_call") add(message, [], "arguments");
  if (message.type === "custom_tool_call") add(message, [], "input");
  each(message.content, (block, at) => {
    if (block.type === "tool_use") add(block, ["content", at], "input");
  });
  each(message.tool_calls, (call, at) => {
    add(call.function, ["tool_calls", at, "function"], "arguments");
    add(call.custom, ["tool_calls", at, "custom"], "input");
  });
  each(message.parts, (part, at) => add(part.functionCall, ["parts", at, "functionCall"], "args"));
  return found;
}

/** A copy of a value with another value at a path; what does not lie on the path is shared. */
export function replaceAt<Value>(value: Value, path: Path, replacement: unknown): Value {
  const [key, ...rest] = path;
  if (key === undefined) return replacement as Value;
  const at = (value as Record<string | number, unknown>)[key];
  const copy = Array.isArray(value) ? [...value] : { ...value };
  (copy as Record<string | number, unknown>)[key] = replaceAt(at, rest, replacement);
  return copy as Value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
