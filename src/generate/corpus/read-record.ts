import { z } from "zod";
import { domainsOfPairs } from "../../records/pair.js";

const part = z.union([z.string(), z.looseObject({})]);
const message = z.looseObject({ role: z.string(), content: z.union([z.string(), z.null(), z.array(part)]).optional() });

/** A record of a corpus: one text, or a conversation. Other fields are left alone. */
export const corpusRecordSchema = z
  .looseObject({
    id: z.union([z.string().min(1), z.int()]).optional(),
    text: z.string().optional(),
    messages: z.array(message).optional(),
    domain: z.enum(domainsOfPairs).optional(),
    source: z.string().min(1).optional(),
    licence: z.string().min(1).optional(),
    license: z.string().min(1).optional(),
    document: z.string().min(1).optional(),
  })
  .refine(({ text, messages }) => text !== undefined || messages !== undefined, "expected a text or messages");

/** A record of a corpus. */
export type CorpusRecord = z.infer<typeof corpusRecordSchema>;

/** Fields that only records of what a tool printed have. */
const toolFields = ["command", "tool", "tool_name", "exit_code"];

const names: Readonly<Record<string, string>> = {
  user: "User",
  assistant: "Assistant",
  system: "System",
  tool: "Tool",
};

/** A record's text, a conversation as lines of who says what. */
export function textOfRecord({ text, messages }: CorpusRecord): string {
  if (text !== undefined) return text;
  return messages!
    .map(({ role, content }) => [names[role] ?? role, textOf(content)] as const)
    .filter(([, said]) => said.trim() !== "")
    .map(([name, said]) => `${name}: ${said.trim()}`)
    .join("\n\n");
}

/** What a record is: a conversation, what a tool printed, or text to read. */
export function kindOfRecord(record: CorpusRecord): "chat" | "tool" | "prose" {
  if (record.text === undefined) return "chat";
  return toolFields.some((field) => record[field] !== undefined && record[field] !== null) ? "tool" : "prose";
}

/** The text of a message: its parts, results of tools included, in order. Calls of tools are no text. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join("\n");
  if (typeof content !== "object" || content === null) return "";
  const { text, content: inner } = content as { text?: unknown; content?: unknown };
  return typeof text === "string" ? text : textOf(inner);
}
