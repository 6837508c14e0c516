import type { Span } from "../../compress/text/spans.js";
import { type DraftUnit, Need, Rank } from "./say.js";

/** A unit in the text that it became part of. Offsets are UTF-16 code units. */
export interface PlacedUnit {
  readonly start: number;
  readonly end: number;
  readonly rank: number;
  readonly fragments: readonly { readonly start: number; readonly end: number; readonly need: number }[];
}

/** A text with its units in place. */
export interface PlacedText {
  readonly text: string;
  readonly units: readonly PlacedUnit[];
}

/** Joins units to a text. */
export function placeUnits(drafts: readonly DraftUnit[]): PlacedText {
  let text = "";
  const units = drafts.map(({ fragments, rank }) => {
    const start = text.length;
    const placed = fragments.map(({ text: piece, need }) => {
      text += piece;
      return { start: text.length - piece.length, end: text.length, need };
    });
    return { start, end: text.length, rank, fragments: placed };
  });
  return { text, units };
}

/** What counts and guards while a reference is written. */
export interface ReferenceRules {
  count(text: string): number;
  findMustKeep(text: string): Span[];
}

/** The compressed form of a text, and the stretches of the text that it consists of. */
export interface Reference {
  readonly text: string;
  readonly kept: readonly [start: number, end: number][];
}

/** In which order a unit grows: first what it is about, then its details, then the rest. */
const growth = [Need.core, Need.detail, Need.filler] as const;

/**
 * Writes the compressed form of a text for a rate: units by rank, those of a rank spread over the text, first with what
 * they are about and then, where room is left, with more. Must-keep words of a unit that stays, stay.
 *
 * @param rate the share of the tokens to keep; evidence stays whatever it costs
 */
export function writeReference({ text, units }: PlacedText, rate: number, rules: ReferenceRules): Reference {
  const forms = units.map((unit) => {
    const mustKeep = findMustKeep(unit, text, rules);
    return growth.map((need) => {
      const spans = keptSpans(unit, need, mustKeep, text);
      return { spans, tokens: spans.length === 0 ? 0 : rules.count(`${joinSpans(text, spans)}\n`) };
    });
  });
  const order = byRank(units);
  const chosen: (number | undefined)[] = units.map(() => undefined);
  let left = rate * rules.count(text);
  for (const [step] of growth.entries()) {
    for (const at of order) {
      const { spans, tokens } = forms[at]![step]!;
      const more = tokens - (chosen[at] === undefined ? 0 : forms[at]![chosen[at]]!.tokens);
      const isEvidence = step === 0 && units[at]!.rank === Rank.evidence;
      if (spans.length === 0 || (more > left && !isEvidence)) continue;
      chosen[at] = step;
      left -= more;
    }
  }
  const kept = mergeTouching(units.flatMap((_, at) => (chosen[at] === undefined ? [] : forms[at]![chosen[at]]!.spans)));
  return { text: joinSpans(text, kept), kept: kept.map(({ start, end }) => [start, end]) };
}

function findMustKeep({ start, end }: PlacedUnit, text: string, rules: ReferenceRules): Span[] {
  return rules
    .findMustKeep(text.slice(start, end))
    .map((span) => ({ start: start + span.start, end: start + span.end }));
}

/** Units of a high rank first; within a rank the first, the last, then ever finer between. */
function byRank(units: readonly PlacedUnit[]): number[] {
  const groups = new Map<number, number[]>();
  units.forEach(({ rank }, at) => {
    const group = groups.get(rank);
    if (group === undefined) groups.set(rank, [at]);
    else group.push(at);
  });
  return [...groups.keys()].sort((a, b) => b - a).flatMap((rank) => spread(groups.get(rank)!));
}

function spread(places: readonly number[]): number[] {
  const order: number[] = [];
  const taken = new Set<number>();
  for (let parts = 1; order.length < places.length; parts *= 2) {
    for (let part = 0; part <= parts; part++) {
      const place = Math.min(places.length - 1, Math.floor((part * places.length) / parts));
      if (!taken.has(place)) order.push(places[place]!);
      taken.add(place);
    }
  }
  return order;
}

/** What stays of a unit: fragments that are needed so much and, beside them, must-keep words wherever they stand. */
function keptSpans({ fragments }: PlacedUnit, need: number, mustKeep: readonly Span[], text: string): Span[] {
  const needed: readonly Span[] = fragments.filter((fragment) => fragment.need >= need);
  if (needed.every(({ start, end }) => text.slice(start, end).trim() === "")) return [];
  return mergeTouching([...needed, ...mustKeep].sort((a, b) => a.start - b.start));
}

function mergeTouching(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The stretches one after the other; where something between two went, a space keeps their words apart. */
function joinSpans(text: string, spans: readonly Span[]): string {
  let joined = "";
  for (const { start, end } of spans) {
    const piece = text.slice(start, end);
    if (/^[.,;:!?)\]}]/.test(piece)) joined = joined.replace(/ +$/, "");
    else if (joined !== "" && !/\s$/.test(joined) && !/^\s/.test(piece)) joined += " ";
    joined += piece;
  }
  return joined
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
}
