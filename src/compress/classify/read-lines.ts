import { findOmissionMarkers } from "../text/omission-marker.js";
import { splitLines } from "../text/split-lines.js";

/** A line as the detectors see it. */
export interface LineView {
  readonly start: number;
  readonly end: number;
  /** Without line break, colour codes and trailing blanks, at most `viewLength` long. */
  readonly raw: string;
  /** `raw` without the line number that a tool printed in front of it, and without what compressing it before added. */
  text: string;
  /** Whether a tool printed a line number in front. */
  isNumbered: boolean;
  /** Length in the source, without the line break. */
  readonly length: number;
  /** Blank, or nothing but one of our own omission markers: says nothing about the kind. */
  neutral: boolean;
}

/** Characters of a line that detectors look at, which bounds every pattern's work. */
export const viewLength = 400;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with an escape character
const colourCode = /\x1b\[[\d;]*[A-Za-z]/g;

/** The end of a line that stands for several of its kind in a compressed text: `×6`. */
const folded = / ×\d+$/;

/** The lines of a text, which they cover exactly. */
export function readLines(source: string): LineView[] {
  return splitLines(source).map(({ start, textEnd, end }, index) => {
    const from = index === 0 && source.charCodeAt(0) === 0xfeff ? 1 : start;
    let raw = source.slice(from, Math.min(textEnd, start + viewLength));
    if (raw.includes("\x1b")) raw = raw.replace(colourCode, "");
    raw = raw.trimEnd();
    const text = raw.includes("×") ? raw.replace(folded, "") : raw;
    return {
      start,
      end,
      raw,
      text,
      isNumbered: false,
      length: textEnd - start,
      neutral: raw === "" || isMarkerLine(raw),
    };
  });
}

function isMarkerLine(raw: string): boolean {
  if (!raw.includes("[…")) return false;
  const [marker] = findOmissionMarkers(raw);
  return marker !== undefined && raw.slice(0, marker.start).trim() === "" && raw.slice(marker.end).trim() === "";
}
