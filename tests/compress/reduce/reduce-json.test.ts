import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceJson } from "../../../src/compress/reduce/reduce-json.js";
import { hostileTexts } from "./hostile-texts.js";
import { readWrittenJson } from "./json/read-written-json.js";
import { brokenPromises, omissionsCover, runReducer } from "./run-reducer.js";

const reduce = (text: string, query?: string) => runReducer(reduceJson, text, "json", query ? { query } : {});
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/json/${name}`, import.meta.url), "utf8");

const records = (count: number, more: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, id) => ({ id, name: `user ${id}`, active: id % 2 === 0, ...more(id) }));

describe("format", () => {
  it("writes same-keyed records once under their keys, nested ones too", async () => {
    const text = JSON.stringify(
      { data: records(3, (id) => ({ customer: { id, country: "DE" }, lines: [{ sku: `S${id}`, quantity: 1 }] })) },
      null,
      2,
    );
    const { full, loss } = await reduce(text);
    expect(loss).toBe("format");
    expect(full).toBe(
      '{"data":[{id,name,active,customer{id,country},lines[{sku,quantity}]}:\n' +
        '0,"user 0",true,{0,"DE"},[{"S0",1}]\n' +
        '1,"user 1",false,{1,"DE"},[{"S1",1}]\n' +
        '2,"user 2",true,{2,"DE"},[{"S2",1}]]}',
    );
  });

  it("writes maps of records with their keys before the rows", async () => {
    const text = JSON.stringify(
      Object.fromEntries(records(4).map((record) => [`packages/${record.id}`, record])),
      null,
      2,
    );
    const { full } = await reduce(text);
    expect(full.startsWith('{{id,name,active}:\n"packages/0":0,"user 0",true\n')).toBe(true);
    expect(readWrittenJson(full)).toBe(JSON.stringify(JSON.parse(text)));
  });

  it("keeps big integers, duplicate keys, escapes and number spellings as they were", async () => {
    const text = '[ {"id" : 12345678901234567890, "a" : "\\u00e9\\/\\n", "a" : 1.50, "b" : 1E+2, "c" : -0 } ]';
    expect((await reduce(text)).full).toBe(
      '[{"id":12345678901234567890,"a":"\\u00e9\\/\\n","a":1.50,"b":1E+2,"c":-0}]',
    );
  });

  it("leaves a record with other keys whole among the rows", async () => {
    const text = JSON.stringify([...records(5), { id: 5, reason: "gone" }], null, 1);
    const { full } = await reduce(text);
    expect(full).toContain('\n{"id":5,"reason":"gone"}]');
    expect(readWrittenJson(full)).toBe(JSON.stringify(JSON.parse(text)));
  });

  it("reads NDJSON and the output of several queries", async () => {
    const text = records(6)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join("");
    const { full } = await reduce(text);
    expect(full.split("\n").slice(0, 2)).toEqual(["{id,name,active}:", '0,"user 0",true']);
    expect(full.endsWith("\n")).toBe(true);
    expect(readWrittenJson(full)).toBe(text.trimEnd());
  });

  it("keeps what a tool cut short, and text behind the value", async () => {
    const cut = JSON.stringify({ data: records(9, (id) => ({ note: { id } })) }, null, 2).slice(0, -87);
    const { full } = await reduce(cut);
    expect(full.replace(/\s/g, "").endsWith(cut.slice(-20).replace(/\s/g, ""))).toBe(true);
    const followed = `${JSON.stringify(records(9), null, 2)}\n... 120 more rows\n`;
    expect((await reduce(followed)).full.endsWith("\n... 120 more rows\n")).toBe(true);
    expect((await reduce("[1,2,")).full).toBe("[1,2,");
  });

  it.each(["npm-view.json", "biome-lint.json", "gcc-diagnostics.json", "package-lock.json", "sqlite-rows.json"])(
    "loses nothing of %s",
    async (name) => {
      const text = fixture(name);
      const reduced = await reduce(text);
      expect(brokenPromises(text, reduced)).toEqual([]);
      expect(reduced.loss).toBe("format");
      expect(readWrittenJson(reduced.full)).toBe(readWrittenJson(text));
      expect((await reduce(reduced.full)).full).toBe(reduced.full);
    },
  );
});

describe("what goes", () => {
  const text = JSON.stringify(
    records(40, (id) => ({ status: id === 23 ? "stuck" : "paid", ...(id === 31 ? { refund: 12 } : {}) })),
    null,
    2,
  );

  it("ranks the first, the last, rare values and other keys before the rest", async () => {
    const { units } = await reduce(text);
    const best = units
      .map(({ priority, start, end }) => ({ priority, id: /"id": (\d+)/.exec(text.slice(start, end))?.[1] }))
      .filter(({ id }) => id !== undefined)
      .sort((a, b) => b.priority - a.priority)
      .slice(0, 5)
      .map(({ id }) => Number(id));
    expect(new Set(best)).toEqual(new Set([0, 1, 23, 31, 39]));
  });

  it("keeps errors", async () => {
    const failing = JSON.stringify(records(30, (id) => ({ message: id === 17 ? "connection denied" : "ok" })));
    const { units } = await reduce(failing);
    const floor = units.filter(({ floor }) => floor);
    expect(floor.map(({ start, end }) => failing.slice(start, end))).toEqual([expect.stringContaining('"id":17')]);
  });

  it("marks gaps in arrays and objects so that JSON stays JSON", async () => {
    const source = JSON.stringify({
      list: Array.from({ length: 90 }, (_, at) => `value number ${at}`),
      a: "x".repeat(90),
    });
    const { choose } = await reduce(source);
    const { text: written, omitted } = choose((unit) => unit.start < 60);
    const value = JSON.parse(written);
    expect(Object.keys(value)).toEqual(["list", "[…1 member]"]);
    expect(value.list.at(-1)).toMatch(/^\[…\d+ items\]$/);
    expect(omitted.map(({ what }) => what)).toEqual(["items", "members"]);
    expect(omitted[0]!.count + value.list.length - 1).toBe(90);
  });

  it("takes its own markers for part of what must stay", async () => {
    const { units } = await reduce('["a",\n   "[…12 items]"]');
    expect(units.some(({ floor }) => floor)).toBe(true);
  });
});

describe("laws", () => {
  const layouts = fc.tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, 2, 4, "\t"));

  it("gives back every token of any JSON, whatever its layout, and is its own fixed point", async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async ([value, indent]) => {
        const text = JSON.stringify([value, value, { value }], null, indent);
        const reduced = await reduce(text);
        expect(brokenPromises(text, reduced)).toEqual([]);
        expect(readWrittenJson(reduced.full)).toBe(readWrittenJson(text));
        expect((await reduce(reduced.full)).full).toBe(reduced.full);
      }),
    );
  });

  it("gives back tables of any records", async () => {
    const record = fc.record({
      a: fc.jsonValue({ maxDepth: 1 }),
      "b c": fc.oneof(fc.constant(null), fc.record({ d: fc.integer(), e: fc.string() })),
      f: fc.array(fc.record({ g: fc.boolean(), h: fc.jsonValue({ maxDepth: 1 }) }), { maxLength: 3 }),
    });
    const rows = fc.array(fc.oneof({ weight: 9, arbitrary: record }, fc.jsonValue({ maxDepth: 1 })), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, async (value) => {
        const text = JSON.stringify(value, null, 1);
        const { full } = await reduce(text);
        expect(readWrittenJson(full)).toBe(readWrittenJson(text));
        expect((await reduce(full)).full).toBe(full);
      }),
    );
  });

  it("accounts for every character, whatever is chosen", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.infiniteStream(fc.boolean()), async (value, stream) => {
        const text = JSON.stringify({ list: [value, value, value], text: "long ".repeat(40) }, null, 2);
        const reduced = await reduce(text);
        const choice = reduced.units.map(() => stream.next().value as boolean);
        expect(omissionsCover(reduced, (index) => choice[index]!)).toBe(true);
        const { text: written } = reduced.choose((_, index) => choice[index]!);
        if (written.startsWith("{") && !written.includes("}:\n")) JSON.parse(written);
      }),
    );
  });

  it.each(hostileTexts.map((text, at) => [at, text] as const))("takes any string (%i)", async (_, text) => {
    expect(brokenPromises(text, await reduce(text))).toEqual([]);
  });
});
