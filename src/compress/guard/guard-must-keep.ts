import type { CompressContext } from "../context.js";
import type { Aliased, SelectedSegment, WrittenSegment } from "../draft.js";
import { expandAliases } from "../text/legend.js";
import { findMissingWords } from "./find-missing-words.js";
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
  if (segment.noun === "words") return segment;
  const { units } = segment;
  const kept = segment.kept.slice();
  let added = false;
  units.forEach(({ start, end }, index) => {
    if (kept[index] || !isEvidence(source.slice(start, end))) return;
    added = true;
    for (let at = index; at !== -1 && !kept[at]; at = units[at]!.parent) kept[at] = 1;
  });
  return added ? { ...segment, kept } : segment;
}

/** What must be found in a segment's text: the source of words, whole; of other units the runs that were kept. */
function originalsOf(source: string, { start, end, noun, units, kept }: WrittenSegment): string[] {
  if (noun === "words") return [source.slice(start, end)];
  const runs: string[] = [];
  let index = 0;
  while (index < units.length) {
    if (!kept[index]) {
      index++;
      continue;
    }
    const first = units[index]!.start;
    while (index < units.length && kept[index]) index++;
    runs.push(source.slice(first, units[index - 1]!.end));
  }
  return runs;
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
