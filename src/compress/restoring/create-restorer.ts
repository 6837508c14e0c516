import { restore } from "../restore.js";
import { findOmissionMarkers } from "../text/omission-marker.js";
import type { OriginalsStore } from "../types.js";
import { AliasRestorer } from "./alias-restorer.js";
import { EventRestorer } from "./event-restorer.js";
import type { RestoreText } from "./restore-values.js";
import { EventSplitter } from "./split-events.js";

/** How a stream is restored. */
export interface RestorerOptions {
  /**
   * What the stream is: `text` (default), the answer alone; `events`, the server-sent events of Anthropic, OpenAI (Chat Completions,
   * Responses) or Gemini as they come off the wire.
   */
  stream?: "text" | "events";
  /** Of events: the store given to `compress`, for the omission markers that a model copied into the arguments of a tool call. */
  store?: Pick<OriginalsStore, "get">;
}

/**
 * Restores the aliases of a model's answer while it streams.
 *
 *     const { text, legend } = await compress(source);
 *     answer.pipeThrough(createRestorer(legend))
 *
 * Aliases are found however they are cut across chunks; no more is held back than the longest alias is long. A string that is not in the
 * legend is left alone, whatever it looks like. Of `events`, text is restored as it passes; a tool call's arguments are released when they
 * are whole; an event in which nothing changes keeps its bytes. Chunks are strings, or bytes of UTF-8, and come out as they went in.
 *
 * @param legend alias to text, as a result has it: `§1` and its like, and `@01` for aliases that a model was asked to write
 * @throws {BrevisError} `invalid-option` for what is no legend
 */
export function createRestorer<Chunk extends string | Uint8Array = string>(
  legend: Readonly<Record<string, string>>,
  { stream = "text", store }: RestorerOptions = {},
): TransformStream<Chunk, Chunk> {
  const restoring = stream === "text" ? restoreTextWith(legend) : restoreEventsWith(legend, store);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  let isBytes = false;
  /** Bytes of a character that is not whole yet. */
  let pending = 0;
  const give = (text: string) => (isBytes ? encoder.encode(text) : text) as Chunk;
  return new TransformStream<Chunk, Chunk>({
    transform(chunk, controller) {
      isBytes = typeof chunk !== "string";
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      const before = pending;
      if (typeof chunk !== "string") pending += chunk.length - Buffer.byteLength(text);
      const isWhole = before === 0 && pending === 0;
      const pass = (given: string) => {
        if (given !== "") controller.enqueue(isWhole && given === text ? chunk : give(given));
      };
      const written = restoring.write(text);
      // Waiting for what is there already would cost more than restoring it.
      return typeof written === "string" ? pass(written) : written.then(pass);
    },
    async flush(controller) {
      const last = isBytes ? await restoring.write(decoder.decode()) : "";
      const given = last + (await restoring.end());
      if (given !== "") controller.enqueue(give(given));
    },
  });
}

/** Restores a stream piece by piece. */
export interface Restoring {
  write(text: string): string | Promise<string>;
  end(): string | Promise<string>;
}

function restoreTextWith(legend: Readonly<Record<string, string>>): Restoring {
  const restorer = new AliasRestorer(legend);
  return { write: (text) => restorer.write(text), end: () => restorer.end() };
}

/** A fault in restoring lets what follows through as it is: a restored answer is better than none, and one as it came is too. */
export function restoreEventsWith(
  legend: Readonly<Record<string, string>>,
  store: RestorerOptions["store"],
): Restoring {
  const restorer = new EventRestorer(legend, restoreCallsWith(legend, store));
  const splitter = new EventSplitter();
  let isBroken = false;
  const guard = async (raw: string, run: () => Promise<string[]>): Promise<string> => {
    if (isBroken) return raw;
    try {
      return (await run()).join("");
    } catch {
      isBroken = true;
      return restorer.release().join("") + raw;
    }
  };
  const writeAll = async (given: string, events: readonly string[]): Promise<string> => {
    let written = given;
    for (const event of events) written += await guard(event, () => restorer.write(event));
    return written;
  };
  return {
    write(text) {
      const events = [...splitter.write(text)];
      const first = events.findIndex((event) => !restorer.canPass(event));
      return first === -1 ? events.join("") : writeAll(events.slice(0, first).join(""), events.slice(first));
    },
    async end() {
      const rest = splitter.end();
      // What is not closed by a blank line is no event to a reader of events, and goes on as it is.
      return (await guard("", () => restorer.end())) + rest;
    },
  };
}

/** Restores whole texts of tool calls: aliases, then what markers stand for; a marker that the store does not know stays. */
export function restoreCallsWith(
  legend: Readonly<Record<string, string>>,
  store: Pick<OriginalsStore, "get"> | undefined,
): RestoreText {
  return async (text) => {
    const restorer = new AliasRestorer(legend);
    const expanded = restorer.write(text) + restorer.end();
    if (store === undefined || !findOmissionMarkers(expanded).some(({ id }) => id !== undefined)) return expanded;
    try {
      return await restore(expanded, { store });
    } catch {
      return expanded;
    }
  };
}
