import { expect, test } from "vitest";
import { findOmissionMarkers, omissionMarker } from "../../../src/compress/text/omission-marker.js";

test.each([
  ["lines", "line"],
  ["entries", "entry"],
  ["matches", "match"],
  ["paths", "path"],
  ["words", "word"],
  ["characters", "character"],
])("counts one of %s in the singular, and reads both", (plural, singular) => {
  expect(omissionMarker(1, plural)).toBe(`[…1 ${singular}]`);
  expect(omissionMarker(1, plural, "482915337120")).toBe(`[…1 ${singular} #482915337120]`);
  expect(omissionMarker(12, plural)).toBe(`[…12 ${plural}]`);
  const text = `[…1 ${singular} #482915337120]\n[…1 ${plural}]\n[…12 ${plural}]`;
  expect(findOmissionMarkers(text).map(({ count, id }) => [count, id])).toEqual([
    [1, "482915337120"],
    [1, undefined],
    [12, undefined],
  ]);
});
