/**
 * Markers stand where something was left out: `[…12 lines]`, with the id that brings it back when a store was given:
 * `[…12 lines #482915337120]`. Four tokens of o200k_base, and four more for an id (digits go three to a token).
 */

/** Digits of an omission's id. */
export const omissionIdLength = 12;

/** The last line of a text that is at its floor: no budget makes it shorter. */
export const floorSeal = "[…floor]";

const markerPattern = /\[…(\d+) ([a-z]+)(?: #(\d{12}))?\]/gu;

/** The marker for `count` of `what`, a noun in the plural, e.g. `[…12 lines]`, `[…1 line]`. */
export function omissionMarker(count: number, what: string, id?: string): string {
  const noun = count === 1 ? singularOf(what) : what;
  return id === undefined ? `[…${count} ${noun}]` : `[…${count} ${noun} #${id}]`;
}

/** One of the units of a reducer: `line` of `lines`, `entry` of `entries`, `match` of `matches`. */
export function singularOf(noun: string): string {
  if (noun.endsWith("ies")) return `${noun.slice(0, -3)}y`;
  return noun.endsWith("ches") ? noun.slice(0, -2) : noun.replace(/s$/u, "");
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
