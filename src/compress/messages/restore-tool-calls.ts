import { BrevisError } from "../../errors.js";
import { restore } from "../restore.js";
import { findOmissionMarkers } from "../text/omission-marker.js";
import type { OriginalsStore } from "../types.js";
import { findToolArguments, replaceAt } from "./find-texts.js";

/**
 * Puts originals in place of the omission markers that a model copied into the arguments of its tool calls. Call it with
 * the model's answer before the tools run, so that a marker never reaches a file.
 *
 * @param message an answer in the shape of Anthropic, OpenAI or Gemini; never changed
 * @param store the store that was given to `compress`
 * @returns the message, or a copy with other arguments; the very message where they hold no marker with an id
 * @throws {BrevisError} `unknown-id` for a marker that the store does not know, `store-corrupt` for what was altered there,
 *   `invalid-option` without a store
 */
export async function restoreToolCalls<Message>(
  message: Message,
  { store }: { store: Pick<OriginalsStore, "get"> },
): Promise<Message> {
  if (typeof store?.get !== "function") {
    throw new BrevisError("invalid-option", "Expected the store that was given to compress but received none.");
  }
  let restored = message;
  for (const { path, value } of findToolArguments(message)) {
    const written = await restoreArguments(value, store);
    if (written !== value) restored = replaceAt(restored, path, written);
  }
  return restored;
}

/** Arguments as an object, or as JSON text; text that is no JSON is restored as it is. */
async function restoreArguments(value: unknown, store: Pick<OriginalsStore, "get">): Promise<unknown> {
  if (typeof value !== "string") return restoreStrings(value, store);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return restoreStrings(value, store);
  }
  const restored = await restoreStrings(parsed, store);
  return restored === parsed ? value : JSON.stringify(restored);
}

/** A copy of a value with every string in it restored; the value itself where nothing changes. */
async function restoreStrings(value: unknown, store: Pick<OriginalsStore, "get">): Promise<unknown> {
  if (typeof value === "string") {
    return findOmissionMarkers(value).some(({ id }) => id !== undefined) ? restore(value, { store }) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  let restored = value;
  for (const [key, inner] of Object.entries(value)) {
    const written = await restoreStrings(inner, store);
    if (written !== inner) restored = replaceAt(restored, [Array.isArray(value) ? Number(key) : key], written);
  }
  return restored;
}
