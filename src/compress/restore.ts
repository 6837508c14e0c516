import { BrevisError } from "../errors.js";
import { describe } from "./options/normalize-options.js";
import { expandAliases, readLegendLine } from "./text/legend.js";
import { findOmissionMarkers } from "./text/omission-marker.js";
import type { CompressResult, OriginalsStore } from "./types.js";

/** The parts of a result that restoring reads; a result that went through JSON will do. */
export type RestorableResult = Pick<CompressResult, "text" | "loss" | "legend" | "id" | "preamble">;

/** What `restore` needs beside the text. */
export interface RestoreOptions {
  /** Where the originals are: the store that was given to `compress`. */
  store?: Pick<OriginalsStore, "get">;
}

/**
 * Brings back what was compressed.
 *
 * Of a result, the whole source, byte for byte: from its legend alone where the loss is `none`, else from the store.
 * Of a text, as much as it names: the aliases of its legend, and what each marker with an id stands for.
 *
 * @param compressed a result of `compress`, one that went through JSON too, or a compressed text
 * @param options the store, which is needed unless everything can be read from the legend
 * @throws {BrevisError} `unknown-id` for what the store does not have, or was never given; `store-corrupt` for what was
 *   altered there; `invalid-input` and `invalid-option` for a call that cannot be meant
 */
export async function restore(compressed: RestorableResult | string, options: RestoreOptions = {}): Promise<string> {
  const { store } = options;
  if (store !== undefined && typeof store?.get !== "function") {
    throw new BrevisError("invalid-option", `Expected a store as openStore gives but received ${describe(store)}.`);
  }
  if (typeof compressed === "string") return restoreText(compressed, store);
  if (!isRestorable(compressed)) {
    const expected = "a compressed text, or a result with text, loss and legend";
    throw new BrevisError("invalid-input", `Expected ${expected} but received ${describe(compressed)}.`);
  }
  return restoreResult(compressed, store);
}

/** Whether a value, parsed from JSON maybe, is a result that `restore` takes. */
export function isRestorable(value: unknown): value is RestorableResult {
  if (typeof value !== "object" || value === null) return false;
  const { text, loss, legend, id } = value as Record<string, unknown>;
  const hasLoss = loss === "none" || loss === "format" || loss === "lossy";
  return typeof text === "string" && hasLoss && isLegend(legend) && (id === undefined || typeof id === "string");
}

function isLegend(value: unknown): value is Record<string, string> {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((meaning) => typeof meaning === "string");
}

async function restoreResult(result: RestorableResult, store: RestoreOptions["store"]): Promise<string> {
  const { text, loss, legend, id, preamble } = result;
  if (loss === "none") {
    const isInline = preamble === undefined && Object.keys(legend).length > 0;
    return expandAliases(isInline ? text.slice(text.indexOf("\n") + 1) : text, legend);
  }
  if (id === undefined) {
    throw new BrevisError(
      "unknown-id",
      `Expected a result with the id of its source but this one (loss ${loss}) has none.`,
      {
        hint: "Give compress a store, and its results can be restored.",
      },
    );
  }
  return requireStore(store, id).get(id);
}

async function restoreText(text: string, store: RestoreOptions["store"]): Promise<string> {
  const read = readLegendLine(text);
  // Aliases first: what markers stand for is original text, in which a sigil is just a character.
  const body = read === undefined ? text : expandAliases(read.body, read.legend);
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, id } of findOmissionMarkers(body)) {
    if (id === undefined) continue;
    const original = await requireStore(store, id).get(id);
    pieces.push(body.slice(from, start), original);
    // A marker is followed by a line break of its own where what it stands for ends with one.
    from = original.endsWith("\n") && body[end] === "\n" ? end + 1 : end;
  }
  return pieces.join("") + body.slice(from);
}

function requireStore(store: RestoreOptions["store"], id: string): Pick<OriginalsStore, "get"> {
  if (store !== undefined) return store;
  throw new BrevisError("unknown-id", `Expected a store that has ${id} but received none.`, {
    hint: "Give restore the store that was given to compress: restore(result, { store: openStore() }).",
  });
}
