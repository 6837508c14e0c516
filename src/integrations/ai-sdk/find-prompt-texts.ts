import type { TextPlace } from "../../compress/messages/find-texts.js";
import type { MessageShape } from "../../conversations/find-candidates.js";
import { isFields } from "../../conversations/wire-formats.js";

type Fields = Readonly<Record<string, unknown>>;

/** The prompt of the AI SDK's language models: what of a message may be compressed, and who wrote it. */
export const promptShape: MessageShape = {
  findTexts: findPromptTexts,
  isModelOutput: (message) => isFields(message) && message.role === "assistant",
  marks: new Set(["providerOptions"]),
  chain: "ai-sdk",
};

/**
 * The texts of one message. A tool's output that is JSON is one text, as the providers send it; it stands at the path of the whole output,
 * which becomes an output of text.
 */
function findPromptTexts(message: unknown): TextPlace[] {
  if (!isFields(message) || !Array.isArray(message.content)) return [];
  if (message.role !== "user" && message.role !== "tool") return [];
  return message.content.flatMap((part: unknown, at) => {
    if (!isFields(part)) return [];
    if (part.type === "text" && typeof part.text === "string" && message.role === "user") {
      return [{ path: ["content", at, "text"], role: "user", text: part.text } as const];
    }
    return part.type === "tool-result" && isFields(part.output)
      ? findInOutput(part.output, ["content", at, "output"])
      : [];
  });
}

function findInOutput({ type, value }: Fields, path: TextPlace["path"]): TextPlace[] {
  if ((type === "text" || type === "error-text") && typeof value === "string") {
    return [{ path: [...path, "value"], role: "tool", text: value }];
  }
  if (type === "json" || type === "error-json") {
    const text = JSON.stringify(value);
    return text === undefined ? [] : [{ path, role: "tool", text }];
  }
  if (type !== "content" || !Array.isArray(value)) return [];
  return value.flatMap((part: unknown, at) =>
    isFields(part) && part.type === "text" && typeof part.text === "string"
      ? [{ path: [...path, "value", at, "text"], role: "tool", text: part.text } as const]
      : [],
  );
}

/** What stands at a path of `findPromptTexts` once its text is another one. */
export function writePromptText(standing: unknown, text: string): unknown {
  if (!isFields(standing)) return text;
  return { ...standing, type: standing.type === "error-json" ? "error-text" : "text", value: text };
}
