/**
 * Where text stands in the streamed answers of Anthropic (Messages), OpenAI (Chat Completions, Responses) and Gemini
 * (generateContent). A channel is one text that comes in pieces: an answer, or the arguments of one tool call.
 */

/** Keys and indexes that lead from an event to a value in it. */
export type EventPath = readonly (string | number)[];

/** A piece of a channel in an event. */
export interface ChannelPiece {
  /** The same for every piece of one text. */
  readonly channel: string;
  readonly path: EventPath;
  /** `text`: a piece of an answer. `arguments`: a piece of a tool call's JSON. `input`: a piece of a tool call's plain text. */
  readonly kind: "text" | "arguments" | "input";
  /** What is left of the event that says nothing of its own beside this piece. */
  readonly isAlone: boolean;
}

/** What an event is made of. */
export interface EventContent {
  readonly pieces: readonly ChannelPiece[];
  /** Which channels are over before the event's own whole values, and before the event itself: by the beginning of their names. */
  readonly ended: readonly string[];
  /** Whole texts: what pieces have said already, said once more, or arguments that come in one. */
  readonly whole: readonly { readonly path: EventPath; readonly kind: "text" | "arguments" | "input" | "value" }[];
}

type Fields = Readonly<Record<string, unknown>>;
const nothing: EventContent = { pieces: [], ended: [], whole: [] };

/** Reads one event's data; of a shape that is not known, nothing. */
export function findChannels(data: unknown): EventContent {
  if (!isFields(data)) return nothing;
  if (typeof data.type === "string") {
    return data.type.startsWith("response.")
      ? readResponsesEvent(data, data.type)
      : readAnthropicEvent(data, data.type);
  }
  if (Array.isArray(data.choices)) return readChatChunk(data.choices);
  if (Array.isArray(data.candidates)) return readGeminiChunk(data.candidates);
  return nothing;
}

function readAnthropicEvent({ index, delta }: Fields, type: string): EventContent {
  const channel = `block ${index};`;
  if (type === "content_block_stop") return { ...nothing, ended: [channel] };
  if (type === "message_delta" || type === "message_stop") return { ...nothing, ended: [""] };
  if (type !== "content_block_delta" || !isFields(delta)) return nothing;
  const piece = (key: string, kind: ChannelPiece["kind"]): EventContent => ({
    ...nothing,
    pieces: typeof delta[key] === "string" ? [{ channel, path: ["delta", key], kind, isAlone: true }] : [],
  });
  if (delta.type === "text_delta") return piece("text", "text");
  return delta.type === "input_json_delta" ? piece("partial_json", "arguments") : nothing;
}

const responsesPieces: Readonly<Record<string, ChannelPiece["kind"]>> = {
  "response.output_text.delta": "text",
  "response.function_call_arguments.delta": "arguments",
  "response.custom_tool_call_input.delta": "input",
};

function readResponsesEvent(event: Fields, type: string): EventContent {
  const item = `item ${event.output_index ?? event.item_id};`;
  const content = `${item} content ${event.content_index ?? ""};`;
  const kind = responsesPieces[type];
  if (kind !== undefined) {
    if (typeof event.delta !== "string") return nothing;
    return { ...nothing, pieces: [{ channel: content, path: ["delta"], kind, isAlone: true }] };
  }
  const whole = (key: string, of: "text" | "arguments" | "input"): EventContent => ({
    pieces: [],
    ended: [content],
    whole: typeof event[key] === "string" ? [{ path: [key], kind: of }] : [],
  });
  if (type === "response.output_text.done") return whole("text", "text");
  if (type === "response.function_call_arguments.done") return whole("arguments", "arguments");
  if (type === "response.custom_tool_call_input.done") return whole("input", "input");
  if (type === "response.content_part.done") {
    const found = isFields(event.part) && typeof event.part.text === "string";
    return { pieces: [], ended: [content], whole: found ? [{ path: ["part", "text"], kind: "text" }] : [] };
  }
  if (type === "response.output_item.done")
    return { pieces: [], ended: [item], whole: findInOutput(event.item, ["item"]) };
  const isOver = ["response.completed", "response.incomplete", "response.failed"].includes(type);
  if (!isOver || !isFields(event.response)) return nothing;
  return {
    pieces: [],
    ended: [""],
    whole: findWhole(event.response).map((one) => ({ ...one, path: ["response", ...one.path] })),
  };
}

function readChatChunk(choices: readonly unknown[]): EventContent {
  const pieces: ChannelPiece[] = [];
  const ended: string[] = [];
  for (const [at, choice] of choices.entries()) {
    if (!isFields(choice)) continue;
    const of = `choice ${choice.index};`;
    if (choice.finish_reason !== null && choice.finish_reason !== undefined) ended.push(of);
    if (!isFields(choice.delta)) continue;
    const path = ["choices", at, "delta"];
    const { delta } = choice;
    if (typeof delta.content === "string") {
      pieces.push({ channel: `${of} text;`, path: [...path, "content"], kind: "text", isAlone: false });
    }
    for (const [place, call] of listOf(delta.tool_calls).entries()) {
      const isOnly = choices.length === 1 && listOf(delta.tool_calls).length === 1 && !isFilled(delta.content);
      pieces.push(...readCallPieces(call, [...path, "tool_calls", place], of, isOnly));
    }
  }
  return { pieces, ended, whole: [] };
}

function readCallPieces(call: unknown, path: EventPath, of: string, isOnly: boolean): ChannelPiece[] {
  if (!isFields(call)) return [];
  const channel = `${of} call ${call.index};`;
  const found: ChannelPiece[] = [];
  for (const [holder, key, kind] of [
    ["function", "arguments", "arguments"],
    ["custom", "input", "input"],
  ] as const) {
    const fields = call[holder];
    if (!isFields(fields) || typeof fields[key] !== "string") continue;
    const isAlone = isOnly && call.id === undefined && !isFilled(fields.name);
    found.push({ channel, path: [...path, holder, key], kind, isAlone });
  }
  return found;
}

/** Texts come in pieces; the arguments of a call are one value. */
function readGeminiChunk(candidates: readonly unknown[]): EventContent {
  const pieces: ChannelPiece[] = [];
  const ended: string[] = [];
  const whole: EventContent["whole"][number][] = [];
  for (const [at, candidate] of candidates.entries()) {
    if (!isFields(candidate)) continue;
    const of = `candidate ${candidate.index ?? at};`;
    if (candidate.finishReason !== undefined) ended.push(of);
    const parts = isFields(candidate.content) ? listOf(candidate.content.parts) : [];
    for (const [place, part] of parts.entries()) {
      if (!isFields(part) || part.thought === true) continue;
      const path = ["candidates", at, "content", "parts", place];
      if (typeof part.text === "string")
        pieces.push({ channel: of, path: [...path, "text"], kind: "text", isAlone: false });
      if (isFields(part.functionCall)) whole.push({ path: [...path, "functionCall", "args"], kind: "value" });
    }
  }
  return { pieces, ended, whole };
}

/** The texts and the tool calls of an answer that did not come as a stream. */
export function findWhole(answer: unknown): EventContent["whole"] {
  if (!isFields(answer)) return [];
  if (Array.isArray(answer.output)) return answer.output.flatMap((item, at) => findInOutput(item, ["output", at]));
  if (Array.isArray(answer.choices))
    return answer.choices.flatMap((choice, at) => findInChoice(choice, ["choices", at]));
  if (Array.isArray(answer.candidates)) {
    const { pieces, whole } = readGeminiChunk(answer.candidates);
    return [...pieces.map(({ path }) => ({ path, kind: "text" as const })), ...whole];
  }
  return listOf(answer.content).flatMap((block, at): EventContent["whole"] => {
    if (!isFields(block)) return [];
    if (block.type === "text" && typeof block.text === "string")
      return [{ path: ["content", at, "text"], kind: "text" }];
    return block.type === "tool_use" ? [{ path: ["content", at, "input"], kind: "value" }] : [];
  });
}

function findInChoice(choice: unknown, path: EventPath): EventContent["whole"] {
  if (!isFields(choice) || !isFields(choice.message)) return [];
  const { message } = choice;
  const inMessage = [...path, "message"];
  const calls = listOf(message.tool_calls).flatMap((call, at): EventContent["whole"] => {
    const of = [...inMessage, "tool_calls", at];
    return readCallPieces(call, of, "", true).map(({ path: found, kind }) => ({ path: found, kind }));
  });
  return typeof message.content === "string" ? [{ path: [...inMessage, "content"], kind: "text" }, ...calls] : calls;
}

/** One item of the output of Responses. */
function findInOutput(item: unknown, path: EventPath): EventContent["whole"] {
  if (!isFields(item)) return [];
  if (item.type === "function_call" && typeof item.arguments === "string") {
    return [{ path: [...path, "arguments"], kind: "arguments" }];
  }
  if (item.type === "custom_tool_call" && typeof item.input === "string")
    return [{ path: [...path, "input"], kind: "input" }];
  return listOf(item.content).flatMap((part, at): EventContent["whole"] =>
    isFields(part) && part.type === "output_text" && typeof part.text === "string"
      ? [{ path: [...path, "content", at, "text"], kind: "text" }]
      : [],
  );
}

function isFilled(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
