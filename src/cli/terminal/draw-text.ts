import type { Inspection } from "../../compress/inspect.js";
import { outputColours } from "./terminal-colours.js";

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/**
 * The text with its segments, floor, must-keep words and scores. A unit that begins a line gets a bar in the margin;
 * the shade of a unit shows its score within its segment.
 */
export function drawText(source: string, { segments, mustKeep }: Inspection): string {
  const colours = outputColours();
  const pieces: string[] = [];
  let atLineStart = true;
  let next = 0;
  for (const { start, end, kind, language, units, salience } of segments) {
    const title = language === undefined ? kind : `${kind} (${language})`;
    pieces.push(atLineStart ? "" : "\n", colours.inverse(` ${title} ${start}-${end} `), "\n");
    atLineStart = true;
    const rank = rankOf(salience);
    for (const [index, unit] of units.entries()) {
      const shade = shades(colours)[Math.min(2, Math.floor(rank(index) * 3))]!;
      const margin = drawMargin(unit.floor, rank(index));
      for (const [text, isMustKeep] of splitAtWords(source, unit.start, unit.end)) {
        pieces.push(
          addMargins(showControls(text), isMustKeep ? (part) => colours.bold(colours.cyan(part)) : shade, margin),
        );
      }
    }
  }
  if (!atLineStart) pieces.push("\n");
  return pieces.join("");

  function drawMargin(isFloor: boolean, share: number): string {
    const bar = bars[Math.min(bars.length - 1, Math.floor(share * bars.length))]!;
    return `${isFloor ? colours.red("!") : " "}${colours.dim(bar)} `;
  }

  /** Stretches of a unit, each must-keep or not. */
  function* splitAtWords(text: string, start: number, end: number): Generator<[text: string, isMustKeep: boolean]> {
    let from = start;
    while (next < mustKeep.length && mustKeep[next]!.start < end) {
      const word = mustKeep[next]!;
      if (word.start > from) yield [text.slice(from, word.start), false];
      const wordStart = Math.max(from, word.start);
      yield [text.slice(wordStart, Math.min(word.end, end)), true];
      from = Math.min(word.end, end);
      if (word.end > end) return;
      next++;
    }
    if (from < end) yield [text.slice(from, end), false];
  }

  /** Colours a text line by line, since a pager forgets colours at a line break; each line begins with the margin. */
  function addMargins(text: string, colour: (part: string) => string, margin: string): string {
    const lines = text.split("\n");
    return lines
      .map((line, index) => {
        const isLast = index === lines.length - 1;
        const begins = atLineStart && !(isLast && line === "");
        atLineStart = isLast ? atLineStart && line === "" : true;
        return `${begins ? margin : ""}${line === "" ? "" : colour(line)}`;
      })
      .join("\n");
  }
}

function shades({ dim, bold }: ReturnType<typeof outputColours>): readonly ((text: string) => string)[] {
  return [dim, (text) => text, bold];
}

/** Where the score of a unit lies between the lowest and the highest of its segment, 0..1. */
function rankOf(salience: Float32Array): (index: number) => number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const score of salience) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return (index) => (high > low ? (salience[index]! - low) / (high - low) : 0.5);
}

/** Control characters as pictures, so that a text cannot steer the terminal. */
function showControls(text: string): string {
  return text.replace(/\r\n/gu, "\n").replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === "\n" || character === "\t") return character;
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}
