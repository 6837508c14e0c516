import type { OriginalsStore } from "../types.js";
import { readLegendLine } from "./legend.js";
import { findOmissionMarkers } from "./omission-marker.js";

/** Ids that are looked up in one text; a text with more foreign ones is taken for an original. */
const mostIds = 64;

/**
 * Whether a text is itself a result of brevis: its first line is a legend, the store remembers it, or it carries an omission
 * marker whose id this very store gave. Markers of other stores, and markers without an id, are text like any other.
 */
export async function isCompressedText(
  text: string,
  store: Pick<OriginalsStore, "get" | "isCompressed">,
): Promise<boolean> {
  if (readLegendLine(text) !== undefined || (await store.isCompressed?.(text)) === true) return true;
  const ids = new Set(findOmissionMarkers(text).flatMap(({ id }) => (id === undefined ? [] : [id])));
  for (const id of [...ids].slice(0, mostIds)) {
    const known = await store.get(id).then(
      () => true,
      () => false,
    );
    if (known) return true;
  }
  return false;
}
