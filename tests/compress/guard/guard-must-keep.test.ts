import { describe, expect, test } from "vitest";
import type { SelectedSegment, Unit, WrittenSegment } from "../../../src/compress/draft.js";
import { guardMustKeep } from "../../../src/compress/guard/guard-must-keep.js";
import { writeSegments } from "../../../src/compress/render/write-segments.js";
import { createTextRules } from "../../../src/compress/text/create-text-rules.js";

const rules = createTextRules({ mustKeep: ["keepme"], query: undefined });

type Line = { text: string; kept: boolean; parent?: number };

/** A segment of lines (or words) whose write joins what `rewrite` makes of the kept ones. */
function segmentOf(
  lines: readonly Line[],
  noun: string,
  rewrite: (text: string) => string = (text) => text,
): {
  source: string;
  segment: SelectedSegment;
} {
  const source = lines.map(({ text }) => text).join("");
  let end = 0;
  const units: Unit[] = lines.map(({ text, parent = -1 }) => {
    const start = end;
    end += text.length;
    return { start, end, parent, priority: 0, floor: false, tokens: 1 };
  });
  const segment: SelectedSegment = {
    start: 0,
    end,
    kind: noun === "words" ? "prose" : "log",
    units,
    noun,
    loss: "format",
    markerTokens: 4,
    salience: new Float32Array(units.length),
    relevance: 0,
    kept: Uint8Array.from(lines, ({ kept }) => (kept ? 1 : 0)),
    write: (kept, mark) =>
      units
        .map(({ start, end: unitEnd }, index) =>
          kept[index]
            ? rewrite(source.slice(start, unitEnd))
            : `${mark({ start, end: unitEnd, what: noun, count: 1 })}\n`,
        )
        .join(""),
  };
  return { source, segment };
}

function guard(source: string, segment: SelectedSegment, legend: Record<string, string> = {}, text?: string) {
  const write = (choice: SelectedSegment) => writeSegments(source, [choice], undefined)[0]!;
  const written: WrittenSegment = text === undefined ? write(segment) : { ...write(segment), text };
  const legendLine = Object.keys(legend).length > 0 ? "Legend: …\n" : "";
  return { written, ...guardMustKeep(source, { segments: [written], legend, legendLine }, { rules }, write) };
}

const lines: Line[] = [
  { text: "2026-11-20 worker-7 read /var/log/app.log\n", kept: true },
  { text: "all is quiet\n", kept: false },
  { text: "\u001b[31mdone\u001b[0m in 45 ms\n", kept: true },
];

test("what lost nothing stays the same object", () => {
  const { source, segment } = segmentOf(lines, "lines");
  const { segments, written, restored } = guard(source, segment);
  expect(restored).toBe(0);
  expect(segments[0]).toBe(written);
});

test("paths and times may part, colours may go, aliases stand for their meaning", () => {
  const { source, segment } = segmentOf(lines, "lines");
  const legend = { "§1": "/var/log" };
  const text = "2026-11-20 worker-7\n/var/log:\n  read app.log\n[…1 line]\ndone in 45 ms\n";
  expect(guard(source, segment, {}, text).restored).toBe(0);
  expect(guard(source, segment, legend, text.replace("/var/log", "§1")).restored).toBe(0);
});

test.each([
  ["a number", /45/],
  ["a name", /worker-7/],
  ["a piece of a path", /app\.log/],
])("a kept line that lost %s comes back from the source, with its marker", (_, lost) => {
  const { source, segment } = segmentOf(lines, "lines", (text) => text.replace(lost, ""));
  const { segments, restored } = guard(source, segment);
  expect(restored).toBe(1);
  expect(segments[0]!.text).toBe(`${lines[0]!.text}[…1 line]\n${lines[2]!.text}`);
  expect(segments[0]!.omitted).toEqual([{ start: 42, end: 55, what: "lines", count: 1 }]);
  expect(segments[0]!.loss).toBe("none");
});

test("a dropped line owes nothing", () => {
  const { source, segment } = segmentOf([...lines, { text: "id 991122 of C++ and R2D2\n", kept: false }], "lines");
  expect(guard(source, segment).restored).toBe(0);
});

describe("evidence that was dropped", () => {
  test.each(["fatal: disk is full\n", "exit code 3\n", "please keepme\n", "[…7 lines]\n"])(
    "%j is kept again",
    (text) => {
      const { source, segment } = segmentOf([...lines, { text, kept: false }], "lines");
      const { segments, restored } = guard(source, segment);
      expect(restored).toBe(1);
      expect(segments[0]!.text.endsWith(text)).toBe(true);
      expect(segments[0]!.omitted).toHaveLength(1);
    },
  );

  test("comes with the units that it needs", () => {
    const { source, segment } = segmentOf(
      [
        { text: "Suite one\n", kept: false },
        { text: "  case fails: expected 1\n", kept: false, parent: 0 },
        { text: "  assertion failed\n", kept: false, parent: 0 },
      ],
      "lines",
    );
    const { segments } = guard(source, segment);
    expect([...segments[0]!.kept]).toEqual([1, 0, 1]);
  });
});

test("a word that prose lost brings its whole source back", () => {
  const words: Line[] = ["This ", "is ", "not ", "a ", "barrier ", "of ", "granite."].map((text, at) => ({
    text,
    kept: at !== 2,
  }));
  const { source, segment } = segmentOf(words, "words");
  const { segments, restored } = guard(source, segment);
  expect(restored).toBe(1);
  expect(segments[0]!.text).toBe("This is not a barrier of granite.");
  expect(segments[0]!.omitted).toEqual([]);
});

test("a word cut at a line's end and joined again is no loss", () => {
  const { source, segment } = segmentOf([{ text: "see foo_conf-\nig2 there", kept: true }], "words", (text) =>
    text.replace("-\n", ""),
  );
  expect(guard(source, segment).restored).toBe(0);
});

test("aliases are undone where the restored text could be read as one", () => {
  const { source, segment } = segmentOf([{ text: "pay §1 and 77 to both\n", kept: true }], "lines");
  const other = segmentOf([{ text: "plain words\n", kept: true }], "lines");
  const write = (choice: SelectedSegment) => writeSegments(source, [choice], undefined)[0]!;
  const broken = { ...write(segment), text: "pay to both\n" };
  const aliased = { ...writeSegments(other.source, [other.segment], undefined)[0]!, text: "§1 words\n" };
  const result = guardMustKeep(
    source,
    {
      segments: [broken, { ...aliased, units: [], kept: new Uint8Array() }],
      legend: { "§1": "plain" },
      legendLine: "Legend: §1=plain\n",
    },
    { rules },
    write,
  );
  expect(result.restored).toBe(1);
  expect(result.legendLine).toBe("");
  expect(result.segments.map(({ text }) => text)).toEqual(["pay §1 and 77 to both\n", "plain words\n"]);
});

describe("lines among words", () => {
  const mixed = (lineKept: boolean, wordKept: boolean, line: string) => {
    const { source, segment } = segmentOf(
      [
        { text: "keep ", kept: true },
        { text: "this\n", kept: wordKept },
        { text: line, kept: lineKept },
      ],
      "words",
    );
    const write: SelectedSegment["write"] = (kept, mark) =>
      segment.units
        .map((unit, index) => {
          if (kept[index]) return source.slice(unit.start, unit.end);
          const marker = mark({ start: unit.start, end: unit.end, what: index === 2 ? "lines" : "words", count: 1 });
          return index === 2 ? marker : "";
        })
        .join("");
    return guard(source, { ...segment, write });
  };

  test("may go with what they hold", () => {
    expect(mixed(false, false, "call foo_bar(42)\n").restored).toBe(0);
  });

  test("are kept where they are evidence", () => {
    const { restored, segments } = mixed(false, false, "fatal: disk is full\n");
    expect(restored).toBe(1);
    expect(segments[0]!.text).toBe("keep fatal: disk is full\n");
  });
});
