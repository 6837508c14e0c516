import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { compressMessages } from "../../compress/messages/compress-messages.js";
import { type CompressMessagesOptions, normalizeMessagesOptions } from "../../compress/messages/message-options.js";
import { loadTokenCounter, type TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../errors.js";
import { trimMessages } from "./trim-messages.js";

/** How a history of messages is made to fit. */
export interface HistoryOptions {
  /** Options of `compressMessages`: results of tools and texts of people from 200 tokens on, half of the tokens, by default. Without aliases. */
  readonly compress?: Omit<CompressMessagesOptions, "dictionary" | "legend">;
  /** The most tokens of all messages; without it none is left out. */
  readonly budget?: number;
  /** How much of the budget is still used after messages were left out; 0.6 by default. */
  readonly keep?: number;
  /** Counts one message, for models whose images or other parts count; by default the tokens of its text and its tool calls. */
  readonly countTokens?: (message: BaseMessage) => number;
}

const roles: Readonly<Record<string, string>> = { human: "user", ai: "assistant", tool: "tool", function: "tool" };

/** What a message takes beside its text. */
const messageOverhead = 4;

/**
 * Compresses the messages of a LangChain history, each alone and always to the same bytes, and leaves out the oldest ones where the history
 * is longer than the budget. System messages stay, a call of tools and its results stay or go together, ids and every other field stay.
 * Messages in which nothing changes are the very objects that were given.
 *
 * @throws {BrevisError} `invalid-option`
 */
export async function compressHistory(
  messages: readonly BaseMessage[],
  options: HistoryOptions = {},
): Promise<BaseMessage[]> {
  const { compress, budget, keep, countTokens } = normalizeHistoryOptions(options);
  const plain = messages.map((message) => ({ role: roles[message.getType()] ?? "system", content: message.content }));
  const { messages: compressed } = await compressMessages(plain, compress);
  const shortened = messages.map((message, at) => {
    const { content } = compressed[at]!;
    return content === message.content ? message : withContent(message, content);
  });
  if (budget === undefined) return shortened;
  const counter = await loadTokenCounter(compress.target);
  const count = countTokens ?? ((message: BaseMessage) => countMessage(message, counter));
  return trimMessages(shortened, { budget, keep, count });
}

/**
 * `compressHistory` as a runnable, to stand before a model: `compressHistoryWith({ budget: 8000 }).pipe(model)`.
 *
 * @throws {BrevisError} `invalid-option`
 */
export function compressHistoryWith(options: HistoryOptions = {}): RunnableLambda<BaseMessage[], BaseMessage[]> {
  normalizeHistoryOptions(options);
  return RunnableLambda.from((messages: BaseMessage[]) => compressHistory(messages, options));
}

function normalizeHistoryOptions({ compress, budget, keep = 0.6, countTokens }: HistoryOptions) {
  if (budget !== undefined && !(budget > 0)) {
    throw new BrevisError("invalid-option", `Expected budget to be a number of tokens but received ${String(budget)}.`);
  }
  if (!(keep > 0 && keep <= 1)) {
    throw new BrevisError("invalid-option", `Expected keep to be above 0 and at most 1 but received ${String(keep)}.`);
  }
  const ofMessages: CompressMessagesOptions = { ...compress, dictionary: "off" };
  normalizeMessagesOptions(ofMessages);
  return { compress: ofMessages, budget, keep, countTokens };
}

/** A copy of a message of the same class, with all its fields, as LangChain writes it down too. */
function withContent(message: BaseMessage, content: BaseMessage["content"]): BaseMessage {
  const copy: BaseMessage = Object.create(Object.getPrototypeOf(message), Object.getOwnPropertyDescriptors(message));
  copy.content = content;
  copy.lc_kwargs = { ...message.lc_kwargs, content };
  return copy;
}

function countMessage(message: BaseMessage, counter: TokenCounter): number {
  const calls = (message as Partial<AIMessage>).tool_calls ?? [];
  const ofCalls = calls.reduce((sum, { name, args }) => sum + counter.count(name + JSON.stringify(args)), 0);
  return counter.count(message.text) + ofCalls + messageOverhead;
}
