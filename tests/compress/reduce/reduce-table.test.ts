import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceTable } from "../../../src/compress/reduce/reduce-table.js";
import { hostileTexts } from "./hostile-texts.js";
import { brokenPromises, omissionsCover, runReducer } from "./run-reducer.js";
import { drawings, readLaidOut } from "./table/draw-table.js";

const reduce = (text: string) => runReducer(reduceTable, text, "table");

const people = [
  ["id", "name", "city", "note"],
  ...Array.from({ length: 30 }, (_, id) => [
    String(id),
    `person ${id}`,
    id === 19 ? "Oslo" : ["Berlin", "Paris"][id % 2]!,
    id === 11 ? "payment denied" : "",
  ]),
];

describe("format", () => {
  it.each(Object.keys(drawings) as (keyof typeof drawings)[])(
    "keeps every cell of a table drawn as %s",
    async (style) => {
      const text = drawings[style](people);
      const reduced = await reduce(text);
      expect(reduced.loss).toBe("format");
      expect(brokenPromises(text, reduced)).toEqual([]);
      expect(readLaidOut(reduced.full, 4)).toEqual(people);
      expect((await reduce(reduced.full)).full).toBe(reduced.full);
    },
  );

  it.each(["box", "table", "column", "markdown"])("keeps what sqlite3 -%s drew", async (mode) => {
    const read = (name: string) => readFileSync(new URL(`../../fixtures/table/${name}`, import.meta.url), "utf8");
    const { full, loss } = await reduce(read(`sqlite-${mode}.txt`));
    expect(loss).toBe("format");
    expect(readLaidOut(full, 4)).toEqual(readLaidOut(read("sqlite-list.txt"), 4));
  });

  it("leaves a Markdown table one, with its alignment", async () => {
    const { full } = await reduce("| name  | count |\n|:------|------:|\n| apple |     3 |\n| pear  |    12 |\n");
    expect(full).toBe("name|count\n:-|-:\napple|3\npear|12\n");
  });

  it("keeps the indentation of a plan", async () => {
    const text =
      "addr  opcode         p1\n----  -------------  --\n0     Rewind         0 \n1       Column       0 \n2     Next           0 \n";
    expect((await reduce(text)).full).toMatch(/^1. {2}Column.0$/m);
  });

  it("keeps two tables apart that boxes kept apart", async () => {
    const { full } = await reduce(drawings.unicode([["a"], ["1"]]) + drawings.unicode([["b"], ["2"]]));
    expect(full).toBe("a\n1\n\nb\n2\n");
  });

  it("reads cells that hold a bar in a box of another bar", async () => {
    const rows = [
      ["command", "count"],
      ["sort | uniq, -c", "1"],
      ["wc", "2"],
      ["cat", "30"],
    ];
    expect(readLaidOut((await reduce(drawings.unicode(rows))).full, 2)).toEqual(rows);
  });

  it("changes nothing of CSV, quoted line breaks included", async () => {
    const text = 'id,note\n1,"two\nlines, ""quoted"""\n2,plain\r\n3,"never closed\n';
    const { full, loss, units } = await reduce(text);
    expect([full, loss]).toEqual([text, "none"]);
    expect(text.slice(units[1]!.start, units[1]!.end)).toBe('1,"two\nlines, ""quoted"""\n');
  });
});

describe("what goes", () => {
  const csv = people.map((cells) => `${cells.join(",")}\n`).join("");

  it("keeps the header under every row", async () => {
    const { choose } = await reduce(csv);
    const { text, omitted } = choose((_, index) => index === 12);
    expect(text).toBe("id,name,city,note\n[…11 rows]\n11,person 11,Paris,payment denied\n[…18 rows]\n");
    expect(omitted.map(({ count }) => count)).toEqual([11, 18]);
  });

  it("ranks first, last and rare rows first, and never drops errors", async () => {
    const { units } = await reduce(csv);
    const ids = units
      .map(({ priority, floor }, index) => ({ priority, floor, id: index - 1 }))
      .slice(1)
      .sort((a, b) => b.priority - a.priority);
    expect(new Set(ids.slice(0, 5).map(({ id }) => id))).toEqual(new Set([0, 1, 11, 19, 29]));
    expect(ids.filter(({ floor }) => floor).map(({ id }) => id)).toEqual([11]);
  });
});

describe("laws", () => {
  const cell = fc.string({ unit: fc.constantFrom(..."abcXYZ019é.-_/ "), maxLength: 12 }).map((text) => text.trim());
  const table = fc.integer({ min: 2, max: 5 }).chain((columns) =>
    fc.tuple(
      fc.array(fc.string({ unit: fc.constantFrom(..."abcdef"), minLength: 1, maxLength: 8 }), {
        minLength: columns,
        maxLength: columns,
      }),
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
    ),
  );

  it("keeps every cell of any drawn table", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("ascii", "unicode", "psql"), async ([header, body], style) => {
        // A row of dashes alone is a rule, not data.
        fc.pre(body.every((cells) => cells.some((text) => /[^-]/.test(text))));
        const rows = [header, ...body];
        const reduced = await reduce(drawings[style as "ascii"](rows));
        if (reduced.loss === "format") expect(readLaidOut(reduced.full, header.length)).toEqual(rows);
      }),
    );
  });

  it("accounts for every character of any lines, whatever is chosen", async () => {
    const line = fc.oneof(
      fc.constantFrom(
        "+---+",
        "| a | b |",
        "|---|---|",
        " a | b",
        "---+---",
        "--- ---",
        "a,b",
        '"x',
        "",
        "└──┘",
        "│ a │",
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.infiniteStream(fc.boolean()), async (lines, stream) => {
        const text = lines.join("\n");
        const reduced = await reduce(text);
        expect(brokenPromises(text, reduced)).toEqual([]);
        const choice = reduced.units.map(() => stream.next().value as boolean);
        expect(omissionsCover(reduced, (index) => choice[index]!)).toBe(true);
      }),
    );
  });

  it.each(hostileTexts.map((text, at) => [at, text] as const))("takes any string (%i)", async (_, text) => {
    expect(brokenPromises(text, await reduce(text))).toEqual([]);
  });
});
