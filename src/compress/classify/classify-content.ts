import type { CompressContext } from "../context.js";
import type { Segment } from "../draft.js";

/** Splits a text into segments of one kind each, which cover it exactly and in order. */
export function classifyContent(source: string, context: CompressContext): Segment[] {
  if (source === "") return [];
  return [{ start: 0, end: source.length, kind: context.options.kind ?? "prose" }];
}
