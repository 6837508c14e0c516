import { EventSplitter, readEventData } from "../../compress/restoring/split-events.js";
import { isFields } from "../../conversations/wire-formats.js";
import type { Usage } from "../../llm/types.js";

type Fields = Readonly<Record<string, unknown>>;

/** The usage that an answer states, or an event of one; undefined where it states none. */
export function readUsage(data: unknown): Partial<Usage> | undefined {
  if (!isFields(data)) return undefined;
  const holder = [data, data.message, data.response].find((one) => isFields(one) && isFields(one.usage)) as
    | Fields
    | undefined;
  if (isFields(data.usageMetadata)) return readGoogle(data.usageMetadata);
  if (holder === undefined) return undefined;
  const usage = holder.usage as Fields;
  if ("prompt_tokens" in usage) return readChat(usage);
  return "input_tokens_details" in usage ? readResponses(usage) : readAnthropic(usage);
}

function readAnthropic(usage: Fields): Partial<Usage> {
  const cacheRead = numberOf(usage.cache_read_input_tokens);
  const cacheWrite = numberOf(usage.cache_creation_input_tokens);
  const output = "output_tokens" in usage ? { output: numberOf(usage.output_tokens) } : {};
  // The last event of a stream states the output alone.
  if (!("input_tokens" in usage)) return output;
  return { input: numberOf(usage.input_tokens) + cacheRead + cacheWrite, cacheRead, cacheWrite, ...output };
}

function readChat(usage: Fields): Partial<Usage> {
  const details = isFields(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  return {
    input: numberOf(usage.prompt_tokens),
    cacheRead: numberOf(details.cached_tokens),
    cacheWrite: 0,
    output: numberOf(usage.completion_tokens),
  };
}

function readResponses(usage: Fields): Partial<Usage> {
  const details = isFields(usage.input_tokens_details) ? usage.input_tokens_details : {};
  return {
    input: numberOf(usage.input_tokens),
    cacheRead: numberOf(details.cached_tokens),
    cacheWrite: 0,
    output: numberOf(usage.output_tokens),
  };
}

function readGoogle(usage: Fields): Partial<Usage> {
  return {
    input: numberOf(usage.promptTokenCount),
    cacheRead: numberOf(usage.cachedContentTokenCount),
    cacheWrite: 0,
    output: numberOf(usage.candidatesTokenCount) + numberOf(usage.thoughtsTokenCount),
  };
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** Adds up the usage of an answer that comes in events: what is stated later holds. */
export class StreamedUsage {
  readonly #splitter = new EventSplitter();
  #usage: Partial<Usage> | undefined;

  write(text: string): void {
    for (const event of this.#splitter.write(text)) {
      // Most events have none, and parsing them all would be for nothing.
      if (!/"usage(?:Metadata)?"/u.test(event)) continue;
      const found = readEventUsage(event);
      if (found !== undefined) this.#usage = { ...this.#usage, ...found };
    }
  }

  get usage(): Usage | undefined {
    return completeUsage(this.#usage);
  }
}

function readEventUsage(event: string): Partial<Usage> | undefined {
  try {
    return readUsage(JSON.parse(readEventData(event) ?? ""));
  } catch {
    return undefined;
  }
}

/** A usage with all its numbers; undefined where no input was stated. */
export function completeUsage(usage: Partial<Usage> | undefined): Usage | undefined {
  if (usage?.input === undefined) return undefined;
  return { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, ...usage };
}
