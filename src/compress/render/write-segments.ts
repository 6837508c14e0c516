import type { SelectedSegment, WrittenSegment } from "../draft.js";
import { omissionMarker } from "../text/omission-marker.js";
import type { Omission, OriginalsStore } from "../types.js";

/** Writes each selection and lists what it leaves out. With a store, markers carry the ids of what they stand for. */
export function writeSegments(
  source: string,
  segments: readonly SelectedSegment[],
  store: Pick<OriginalsStore, "idOf"> | undefined,
): WrittenSegment[] {
  return segments.map((segment) => {
    const omitted: Omission[] = [];
    const text = segment.write(segment.kept, (omission) => {
      // Words left out of prose have no marker, and so no id: the whole source brings them back.
      const id = segment.markerTokens > 0 ? store?.idOf(source.slice(omission.start, omission.end)) : undefined;
      omitted.push(id === undefined ? omission : { ...omission, id });
      return omissionMarker(omission.count, omission.what, id);
    });
    return { ...segment, text, omitted };
  });
}
