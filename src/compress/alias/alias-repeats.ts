import type { CompressContext } from "../context.js";
import type { Aliased, WrittenSegment } from "../draft.js";
import { headingHole } from "../text/heading-hole.js";
import { joinTexts } from "../text/join-texts.js";
import { aliasSigils, expandAliases, lineBreakSign, readLegendLine, writeLegendLine } from "../text/legend.js";
import { findOmissionMarkers } from "../text/omission-marker.js";
import { type ChosenAlias, chooseAliases } from "./choose-aliases.js";
import { numberLexemes } from "./number-lexemes.js";

/** Kinds whose text an agent reads but does not write back: the only ones aliased unless `dictionary` is `all`. */
const readOnlyKinds: ReadonlySet<string> = new Set(["json", "log", "table", "listing", "trace", "chat", "prose"]);

/**
 * Tokens that an alias must save. Less than 3 is within the error of counting a repeat outside its context; unless all is wanted,
 * an alias must be worth the reader's look at the legend.
 */
const leastSaving = { on: 12, all: 3 } as const;

/**
 * What no alias may hold: the sign for line breaks in the legend, the open place of a heading, and, but for `all`, line
 * breaks themselves.
 */
const barredEverywhere: ReadonlySet<string> = new Set([lineBreakSign, "\r", headingHole]);
const barredWithinLines: ReadonlySet<string> = new Set([...barredEverywhere, "\n"]);

/**
 * Replaces repeated substrings by aliases (`§1`) where that saves tokens, the legend's included; the segments come back
 * as they were where it does not.
 */
export function aliasRepeats(segments: readonly WrittenSegment[], { options, counter }: CompressContext): Aliased {
  const none: Aliased = { segments, legend: {}, legendLine: "" };
  if (options.dictionary === "off") return none;
  const text = joinTexts(segments);
  const sigil = aliasSigils.find((candidate) => !text.includes(candidate));
  if (sigil === undefined || readLegendLine(text) !== undefined) return none;

  const everywhere = options.dictionary === "all";
  const lexemes = numberLexemes(
    text,
    barredSpans(segments, everywhere),
    everywhere ? barredEverywhere : barredWithinLines,
  );
  const chosen = numberByFirstUse(
    chooseAliases(text, lexemes, counter.count, everywhere ? leastSaving.all : leastSaving.on),
  );
  if (chosen.length === 0) return none;
  const legend = Object.fromEntries(chosen.map(({ meaning }, index) => [`${sigil}${index + 1}`, meaning]));
  const legendLine = writeLegendLine(legend);
  const aliased = replaceOccurrences(segments, chosen, sigil);
  const body = joinTexts(aliased);
  const isSound = counter.count(legendLine + body) < counter.count(text) && expandAliases(body, legend) === text;
  return isSound ? { segments: aliased, legend, legendLine } : none;
}

/** Stretches without aliases: segments that an agent might write back, and omission markers. */
function barredSpans(segments: readonly WrittenSegment[], everywhere: boolean): { start: number; end: number }[] {
  const barred: { start: number; end: number }[] = [];
  let offset = 0;
  for (const { text, kind } of segments) {
    const start = offset;
    offset += text.length;
    if (!everywhere && !readOnlyKinds.has(kind)) barred.push({ start, end: offset });
    else
      for (const marker of findOmissionMarkers(text))
        barred.push({ start: start + marker.start, end: start + marker.end });
  }
  return barred;
}

function numberByFirstUse(chosen: readonly ChosenAlias[]): ChosenAlias[] {
  return [...chosen].sort((a, b) => a.occurrences[0]! - b.occurrences[0]!);
}

function replaceOccurrences(
  segments: readonly WrittenSegment[],
  chosen: readonly ChosenAlias[],
  sigil: string,
): WrittenSegment[] {
  const places = chosen
    .flatMap(({ meaning, occurrences }, index) =>
      occurrences.map((start) => ({ start, end: start + meaning.length, alias: `${sigil}${index + 1}` })),
    )
    .sort((a, b) => a.start - b.start);
  let next = 0;
  let offset = 0;
  return segments.map((segment) => {
    const start = offset;
    offset += segment.text.length;
    const pieces: string[] = [];
    let from = start;
    // A repeat may span two segments of kinds that may be aliased; it stays as it is there, whole in both.
    while (next < places.length && places[next]!.start < offset) {
      const place = places[next++]!;
      if (place.end > offset) continue;
      pieces.push(segment.text.slice(from - start, place.start - start), place.alias);
      from = place.end;
    }
    return pieces.length === 0 ? segment : { ...segment, text: pieces.join("") + segment.text.slice(from - start) };
  });
}
