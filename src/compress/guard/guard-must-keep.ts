import type { CompressContext } from "../context.js";
import type { Aliased, SelectedSegment, WrittenSegment } from "../draft.js";
import { findMissingWords } from "../text/find-missing-words.js";
import { expandAliases } from "../text/legend.js";
import type { Omission } from "../types.js";
import { writePlainUnits } from "./write-plain-units.js";

/**
 * Checks every written segment against its source, and puts back what is missing: evidence that was dropped, and
 * must-keep words that what was kept has lost on its way. A net under the reducers, which should leave it nothing to do.
 *
 * @param write writes a choice of units again, markers and omissions included
 * @returns the segments, aliases undone where what was put back could be taken for one; and how many were restored
 */
export function guardMustKeep(
  source: string,
  aliased: Aliased,
  { rules }: Pick<CompressContext, "rules">,
  write: (segment: SelectedSegment) => WrittenSegment,
): Aliased & { restored: number } {
  let restored = 0;
  const segments = aliased.segments.map((segment) => {
    const withEvidence = keepEvidence(source, segment, rules.isEvidence);
    const first = withEvidence === segment ? segment : write(withEvidence);
    const expanded = first === segment ? expandAliases(segment.text, aliased.legend) : first.text;
    const missing = findMissingWords(originalsOf(source, first), expanded, rules.findMustKeep);
    if (missing.length === 0 && first === segment) return segment;
    restored++;
    return missing.length === 0 ? first : write(writePlainUnits(source, first));
  });
  if (restored === 0) return { ...aliased, restored };
  return { ...undoAliases(aliased, segments), restored };
}

/** The same choice with every unit of evidence in it, and what those need; the segment itself if nothing was missing. */
function keepEvidence(
  source: string,
  segment: WrittenSegment,
  isEvidence: (unit: string) => boolean,
): SelectedSegment | WrittenSegment {
  const { units } = segment;
  const kept = segment.kept.slice();
  let added = false;
  for (const index of unitsDroppedWhole(segment)) {
    const { start, end } = units[index]!;
    if (kept[index] || !isEvidence(source.slice(start, end))) continue;
    added = true;
    for (let at = index; at !== -1 && !kept[at]; at = units[at]!.parent) kept[at] = 1;
  }
  return added ? { ...segment, kept } : segment;
}

/** Omissions other than of single words: lines, records and the like, which take what they hold along. */
function omittedWhole({ omitted }: WrittenSegment): readonly Omission[] {
  return omitted.filter(({ what }) => what !== "words");
}

function* unitsDroppedWhole(segment: WrittenSegment): Iterable<number> {
  const { units, kept, noun } = segment;
  if (noun !== "words") {
    for (let index = 0; index < units.length; index++) if (!kept[index]) yield index;
    return;
  }
  let index = 0;
  for (const { start, end } of omittedWhole(segment)) {
    while (index < units.length && units[index]!.start < start) index++;
    for (; index < units.length && units[index]!.end <= end; index++) if (!kept[index]) yield index;
  }
}

/** What must be found in a segment's text: of words all but the lines among them that went; of other units what was kept. */
function originalsOf(source: string, segment: WrittenSegment): string[] {
  const { start, end, noun, units, kept } = segment;
  const originals: string[] = [];
  if (noun === "words") {
    let from = start;
    for (const omission of omittedWhole(segment)) {
      originals.push(source.slice(from, omission.start));
      from = omission.end;
    }
    originals.push(source.slice(from, end));
    return originals;
  }
  let index = 0;
  while (index < units.length) {
    if (!kept[index]) {
      index++;
      continue;
    }
    const first = units[index]!.start;
    while (index < units.length && kept[index]) index++;
    originals.push(source.slice(first, units[index - 1]!.end));
  }
  return originals;
}

/** Aliases stay unless a restored segment holds their sigil, which would then be read as an alias. */
function undoAliases(aliased: Aliased, segments: readonly WrittenSegment[]): Aliased {
  const { legend } = aliased;
  const sigil = Object.keys(legend)[0]?.[0];
  const isNew = (index: number) => segments[index] !== aliased.segments[index];
  if (sigil === undefined || !segments.some(({ text }, index) => isNew(index) && text.includes(sigil))) {
    return { ...aliased, segments };
  }
  const expanded = segments.map((segment, index) =>
    isNew(index) ? segment : { ...segment, text: expandAliases(segment.text, legend) },
  );
  return { segments: expanded, legend: {}, legendLine: "" };
}
