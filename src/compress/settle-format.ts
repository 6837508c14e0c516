import { classifyContent } from "./classify/classify-content.js";
import type { CompressContext } from "./context.js";
import type { Segment, SelectedSegment, WrittenSegment } from "./draft.js";
import { guardMustKeep } from "./guard/guard-must-keep.js";
import { reduceStructure } from "./reduce/reduce-structure.js";
import { writeSegments } from "./render/write-segments.js";
import { joinTexts } from "./text/join-texts.js";

/** Far more than it takes: each pass has fewer tokens than the one before. */
const mostPasses = 8;

/** A text in the shortest notation that loses nothing. */
export interface SettledText {
  /** The segments of the source, as the first pass wrote them. */
  readonly reported: readonly WrittenSegment[];
  /** The segments of the last pass: their texts are the result. */
  readonly segments: readonly WrittenSegment[];
  /** Segments that the guard had to put back. */
  readonly restored: number;
}

/**
 * Writes everything in other notation where that saves tokens, and what comes out again, since its kinds may be
 * seen in another light, until a pass changes nothing: so that compressing the result again does not either.
 */
export async function settleFormat(
  source: string,
  segments: readonly Segment[],
  context: CompressContext,
): Promise<SettledText> {
  let settled = await writeWhole(source, segments, context);
  const reported = settled.segments;
  let before = source;
  let text = joinTexts(settled.segments);
  let restored = settled.restored;
  for (let pass = 1; pass < mostPasses && text !== before && !context.isLate(); pass++) {
    settled = await writeWhole(text, classifyContent(text, context), context);
    restored += settled.restored;
    [before, text] = [text, joinTexts(settled.segments)];
  }
  return { reported, segments: settled.segments, restored };
}

async function writeWhole(text: string, segments: readonly Segment[], context: CompressContext) {
  const { clock } = context;
  const reduced = await clock.timeAsync("reduce", () => reduceStructure(text, segments, context));
  const whole: SelectedSegment[] = reduced.map((segment) => ({
    ...segment,
    salience: new Float32Array(segment.units.length),
    relevance: 0,
    kept: new Uint8Array(segment.units.length).fill(1),
  }));
  const write = (selected: readonly SelectedSegment[]) => writeSegments(text, selected, undefined);
  const written = { segments: write(whole), legend: {}, legendLine: "" };
  return clock.time("guard", () => guardMustKeep(text, written, context, (segment) => write([segment])[0]!));
}
