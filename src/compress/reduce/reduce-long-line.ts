import type { Unit } from "../draft.js";
import { omissionMarker } from "../text/omission-marker.js";
import { walkKept } from "./dropped-runs.js";
import type { Reducer } from "./reduce-structure.js";

const pieceLength = 160;
/** How much around a word of evidence stays with it. */
const surroundings = 40;

/**
 * One very long line (minified code, a record dump): units are pieces of it, cut between words. The start says where the line comes
 * from, so that it stays longest; pieces with evidence never go.
 */
export const reduceLongLine: Reducer = (source, segment, { counter, rules }) => {
  const units: Unit[] = cutPieces(source, segment.start, segment.end).map(({ start, end }) => {
    const around = source.slice(Math.max(segment.start, start - surroundings), end + surroundings);
    return {
      start,
      end,
      parent: -1,
      priority: start === segment.start ? 1 : 0,
      floor: rules.isEvidence(around),
      tokens: counter.count(source.slice(start, end)),
    };
  });
  const noun = "characters";
  return {
    units,
    noun,
    loss: "none",
    markerTokens: counter.count(omissionMarker(1200, noun)),
    write(kept, mark) {
      const written: string[] = [];
      walkKept(
        units,
        kept,
        (index) => written.push(source.slice(units[index]!.start, units[index]!.end)),
        ({ start, end }) => {
          const textEnd = end === segment.end && source.charCodeAt(end - 1) === 10 ? end - 1 : end;
          written.push(mark({ start, end, what: noun, count: textEnd - start }), source.slice(textEnd, end));
        },
      );
      return written.join("");
    },
  };
};

/** Pieces of about `pieceLength` that end where a word does; a stretch without such a place is cut where it stands. */
function cutPieces(source: string, start: number, end: number): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let from = start;
  while (end - from > pieceLength * 2) {
    const to = endOfWord(source, from + pieceLength);
    pieces.push({ start: from, end: to });
    from = to;
  }
  pieces.push({ start: from, end });
  return pieces;
}

function endOfWord(source: string, from: number): number {
  for (let at = from; at < from + pieceLength; at++) if (/[\s,;(){}[\]<>|]/u.test(source[at]!)) return at + 1;
  const isInsidePair = /^[\udc00-\udfff]/.test(source.slice(from, from + 1));
  return isInsidePair ? from + 1 : from;
}
