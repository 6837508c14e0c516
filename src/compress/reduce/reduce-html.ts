import type { Unit } from "../draft.js";
import { planElements } from "./html/plan-elements.js";
import { readElements } from "./html/read-elements.js";
import { readMarkup } from "./html/read-markup.js";
import { writeElements } from "./html/write-elements.js";
import { writePieces } from "./html/write-pieces.js";
import type { Reducer } from "./reduce-structure.js";

/** Only looked at to tell HTML from XML. */
const headLength = 4096;

/**
 * HTML and XML. Format: white space, and in HTML what the standard lets go (see `writePieces`); the tree stays. Units
 * are elements with their text, lines in `pre` and scripts, under the start tags around them; scripts, styles and
 * comments go first, then navigation and the like, headings last.
 */
export const reduceHtml: Reducer = async (source, segment, { counter, rules }) => {
  const { Tokenizer } = await import("htmlparser2");
  const xmlMode = isXml(source.slice(segment.start, Math.min(segment.end, segment.start + headLength)));
  const markup = readMarkup(Tokenizer, source, segment.start, segment.end, xmlMode);
  const pieces = readElements(markup, segment.start, segment.end, xmlMode);
  const entries = planElements(source, pieces, writePieces(source, pieces, xmlMode));
  const ends = entries.map((_, index) => entries[index + 1]?.start ?? segment.end);
  const units: Unit[] = entries.map(({ start, parent, priority, text, closing }, index) => {
    const slice = source.slice(start, ends[index]);
    return {
      start,
      end: ends[index]!,
      parent,
      priority: priority + 4 * rules.queryRelevance(slice.slice(0, headLength)),
      floor: rules.isEvidence(slice),
      tokens: counter.count(text) + (closing ? 2 : 0),
    };
  });
  const whole = source.slice(segment.start, segment.end);
  const rewritten =
    entries.length === 0 ? "" : writeElements(entries, ends, new Uint8Array(entries.length).fill(1), () => "");
  const isShorter = counter.count(rewritten) < counter.count(whole);
  return {
    units,
    noun: "elements",
    loss: isShorter ? "format" : "none",
    markerTokens: 5,
    write: (kept, mark) => (!isShorter && !kept.includes(0) ? whole : writeElements(entries, ends, kept, mark)),
  };
};

/** Pages that do not say what they are pass for HTML if they use a common element of it. */
function isXml(head: string): boolean {
  if (/<!doctype html|<html|xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"/i.test(head)) return false;
  return (
    /^\s*<\?xml|<!DOCTYPE/.test(head) || !/<(?:body|div|p|span|ul|table|a|h[1-6]|br|img|li|td|tr)[\s>/]/i.test(head)
  );
}
