import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { reduceYaml } from "../../../src/compress/reduce/reduce-yaml.js";
import { hostileTexts } from "./hostile-texts.js";
import { brokenPromises, omissionsCover, runReducer } from "./run-reducer.js";

const reduce = (text: string) => runReducer(reduceYaml, text, "yaml");
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/yaml/${name}`, import.meta.url), "utf8");
const readYaml = (text: string) => parseAllDocuments(text).map((document) => document.toJS());

describe("format", () => {
  it("keeps the data of YAML, multi-line strings to the character", async () => {
    const text = fixture("deployment.yaml");
    const reduced = await reduce(text);
    expect(reduced.loss).toBe("format");
    expect(brokenPromises(text, reduced)).toEqual([]);
    expect(readYaml(reduced.full)).toEqual(readYaml(text));
    expect(reduced.full).toContain(
      "# Deployment of the web front\napiVersion: apps/v1\nkind: Deployment # one per region\n",
    );
    expect(reduced.full).toContain('          echo "two  spaces"    # not a comment   \n');
    expect((await reduce(reduced.full)).full).toBe(reduced.full);
  });

  it("keeps strings of TOML over several lines", async () => {
    const aligned = Array.from({ length: 6 }, (_, at) => `key${at} = ${at}          # why\n\n\n`).join("");
    const { full, loss } = await reduce(fixture("settings.toml") + aligned);
    expect(loss).toBe("format");
    expect(full).toContain('bio = """\nLine one   \n\nLine three\n"""\n');
    expect(full).toContain("ports = [ 8000, 8001,\n\n  8002 ]\n");
    expect(full).toContain('title = "shop"\n[database]\n');
    expect(full).toContain("key0 = 0 # why\nkey1 = 1 # why\n");
  });
});

describe("what goes", () => {
  it("keeps the keys around a line", async () => {
    const { choose } = await reduce("a:\n  b:\n    - one\n    - two\n    - three # timed out\n  c: 1\nd: 2\n");
    expect(choose(({ floor }) => floor).text).toBe("a:\n  b:\n[…2 lines]\n    - three # timed out\n[…2 lines]\n");
  });

  it("drops comments first, then items of long lists, then deep keys", async () => {
    const items = Array.from({ length: 9 }, (_, at) => `  - item ${at}\n`).join("");
    const text = `# about\nlist:\n${items}top: 1\n[section]\nkey = 1\n`;
    const { units } = await reduce(text);
    const priorityOf = (part: string) => units.find(({ start }) => text.startsWith(part, start))!.priority;
    const order = ["# about", "  - item 5", "  - item 1", "top", "[section]"].map(priorityOf);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(5);
    expect(text.startsWith("[section]", units[units.at(-1)!.parent]!.start)).toBe(true);
  });
});

describe("laws", () => {
  it("keeps the data of any YAML, wherever empty lines stand", async () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(value, fc.array(fc.nat(30)), fc.boolean(), async (data, blanks, isFlow) => {
        const lines = stringify({ data, list: [data, { data }] }, { collectionStyle: isFlow ? "flow" : "any" }).split(
          "\n",
        );
        for (const at of blanks) if (at < lines.length) lines.splice(at, 0, at % 2 === 0 ? "" : "  ");
        const text = lines.join("\n");
        fc.pre(parseAllDocuments(text).every(({ errors }) => errors.length === 0));
        const reduced = await reduce(text);
        expect(readYaml(reduced.full)).toEqual(readYaml(text));
        expect((await reduce(reduced.full)).full).toBe(reduced.full);
      }),
    );
  });

  it("accounts for every character of any lines, whatever is chosen", async () => {
    const line = fc.oneof(
      fc.constantFrom("a:", "  b: 1", "- c", "  - d: |", "    text", "[s]", "k = 1", "# x", "", '"""', "x: 'y", "---"),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 25 }), fc.infiniteStream(fc.boolean()), async (lines, stream) => {
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
