/**
 * Markers stand where something was left out: `[…12 lines]`, with the id that brings it back when a store was given:
 * `[…12 lines #482915337120]`. Four tokens of o200k_base, and four more for an id (digits go three to a token).
 */

/** Digits of an omission's id. */
export const omissionIdLength = 12;

/** The last line of a text that is at its floor: no budget makes it shorter. */
export const floorSeal = "[…floor]";

const markerPattern = /\[…(\d+) ([a-z]+)(?: #(\d{12}))?\]/gu;

/** The marker for `count` of `what`, e.g. `[…12 lines]`. */
export function omissionMarker(count: number, what: string, id?: string): string {
  return id === undefined ? `[…${count} ${what}]` : `[…${count} ${what} #${id}]`;
}

/** Every marker in a text, with its place: for restoring, and to leave what was compressed before alone. */
export function findOmissionMarkers(
  text: string,
): { start: number; end: number; count: number; what: string; id?: string }[] {
  if (!text.includes("[…")) return [];
  return Array.from(text.matchAll(markerPattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    count: Number(match[1]),
    what: match[2]!,
    ...(match[3] === undefined ? {} : { id: match[3] }),
  }));
}
