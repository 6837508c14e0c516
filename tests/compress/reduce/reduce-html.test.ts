import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parseDocument } from "htmlparser2";
import { describe, expect, it } from "vitest";
import { reduceHtml } from "../../../src/compress/reduce/reduce-html.js";
import { hostileTexts } from "./hostile-texts.js";
import { brokenPromises, omissionsCover, runReducer } from "./run-reducer.js";

const reduce = (text: string) => runReducer(reduceHtml, text, "html");
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/html/${name}`, import.meta.url), "utf8");

type ChildNode = ReturnType<typeof parseDocument>["children"][number];
type Tree = string | { name: string; attributes: Record<string, string>; children: Tree[] };

/**
 * The document tree as an independent reader sees it. White space is what may differ: runs count as one, and those
 * beside the tags of a block count for nothing; in `pre` and scripts every character counts.
 */
function readTree(text: string, xmlMode = false): Tree[] {
  return readNodes(parseDocument(text, { xmlMode }).children, false);
}

function readNodes(nodes: readonly ChildNode[], isVerbatim: boolean): Tree[] {
  const trees: Tree[] = [];
  for (const node of nodes) {
    if (node.type === "text") trees.push(isVerbatim ? node.data : node.data.replace(/\s+/g, " "));
    else if ("children" in node) {
      const name = "name" in node ? node.name : node.type;
      const attributes = "attribs" in node ? node.attribs : {};
      trees.push({
        name,
        attributes,
        children: readNodes(node.children, /^(?:pre|script|style|textarea)$/.test(name)),
      });
    } else trees.push({ name: node.type, attributes: { data: "data" in node ? node.data : "" }, children: [] });
  }
  return isVerbatim
    ? trees
    : trees.map((tree) => (typeof tree === "string" ? tree.trim() : tree)).filter((tree) => tree !== "");
}

describe("format", () => {
  it("keeps the tree of a page, and every character of pre and scripts", async () => {
    const text = fixture("page.html");
    const reduced = await reduce(text);
    expect(reduced.loss).toBe("format");
    expect(brokenPromises(text, reduced)).toEqual([]);
    expect(readTree(reduced.full)).toEqual(readTree(text));
    expect(reduced.full).toContain("\n  Authorization:   Bearer key\n</pre>");
    expect(reduced.full).toContain("<b>paid</b> <i>once</i>");
    expect((await reduce(reduced.full)).full).toBe(reduced.full);
  });

  it("leaves out end tags and quotes only where the standard does", async () => {
    const { full } = await reduce(
      '<ul class="a">\n  <li><a href="/x" title="a b" rel="">one</a></li>\n  <li>two</li>\n</ul>\n<div><p>three</p></div>\n<a><p>four</p></a>',
    );
    expect(full).toBe(
      '<ul class=a>\n<li><a href=/x title="a b" rel="">one</a>\n<li>two\n</ul>\n<div><p>three</div>\n<a><p>four</p></a>',
    );
  });

  it("leaves XML's tags, quotes and capitals alone", async () => {
    const text = fixture("pom.xml");
    const reduced = await reduce(text);
    expect(reduced.loss).toBe("format");
    expect(readTree(reduced.full, true)).toEqual(readTree(text, true));
    expect(reduced.full).toContain(
      '<project xmlns="http://maven.apache.org/POM/4.0.0">\n<modelVersion>4.0.0</modelVersion>',
    );
    expect(reduced.full).toContain("<![CDATA[ if (a  <  b) { } ]]>");
    expect((await reduce(reduced.full)).full).toBe(reduced.full);
  });
});

describe("what goes", () => {
  it("ranks scripts and comments below navigation, navigation below text, text below headings", async () => {
    const text = fixture("page.html");
    const { units } = await reduce(text);
    const priorityOf = (part: string) =>
      units.findLast(({ start, end }) => start <= text.indexOf(part) && text.indexOf(part) < end)!.priority;
    const order = ["track(", "generated", "/webhooks", "offset", "An order", "<h1>"].map(priorityOf);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBeGreaterThan(4);
  });

  it("keeps what speaks of errors, and the tags around what it keeps", async () => {
    const text = fixture("page.html");
    const reduced = await reduce(text);
    const { text: written, omitted } = reduced.choose(({ floor }) => floor);
    expect(written).toContain("are denied.");
    expect(written).toMatch(/^<html lang=en>|^\[…1 element\]\n<html lang=en>/);
    expect(written.trimEnd().endsWith("</html>")).toBe(true);
    expect(omitted.length).toBeGreaterThan(1);
    expect(written).not.toContain("Copyright");
  });

  it("drops scripts by line", async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `  let v${at} = ${at === 7 ? '"cannot load"' : at};`).join(
      "\n",
    );
    const text = `<div><script>\n${lines}\n</script></div>`;
    const { choose } = await reduce(text);
    expect(choose(({ floor }) => floor).text).toMatch(
      /^<div><script>\n\[…\d+ elements\]\n {2}let v7 .*\n\[…\d+ elements\]\n<\/script><\/div>$/,
    );
  });
});

describe("laws", () => {
  const text = fc.string({ unit: fc.constantFrom(..."abc \n.&;"), minLength: 1, maxLength: 20 });
  const { page } = fc.letrec<{ page: string; flow: string; inline: string; list: string; table: string }>((tie) => ({
    page: fc.array(tie("flow"), { maxLength: 4 }).map((parts) => `<div id="page">\n${parts.join("\n  ")}</div>`),
    flow: fc.oneof(
      { maxDepth: 4 },
      tie("inline").map((inside) => `<p class="x y">${inside}</p>`),
      tie("list"),
      tie("table"),
      fc.array(tie("flow"), { maxLength: 3 }).map((parts) => `<section>${parts.join(" ")}</section>`),
      text.map((inside) => `<pre>x${inside}</pre>`),
    ),
    inline: fc
      .array(
        fc.oneof(
          text,
          text.map((inside) => `<b title="q">${inside}</b>`),
        ),
        { maxLength: 3 },
      )
      .map((parts) => parts.join("")),
    list: fc
      .array(tie("inline"), { maxLength: 3 })
      .map((items) => `<ul>\n${items.map((item) => `  <li>${item}</li>\n`).join("")}</ul>`),
    table: fc
      .array(tie("inline"), { maxLength: 3 })
      .map((cells) => `<table><tr>${cells.map((cell) => `<td>${cell}</td>`).join(" ")}</tr></table>`),
  }));

  it("keeps the tree of any page, and is its own fixed point", async () => {
    await fc.assert(
      fc.asyncProperty(page, async (source) => {
        const reduced = await reduce(source);
        expect(brokenPromises(source, reduced)).toEqual([]);
        expect(readTree(reduced.full)).toEqual(readTree(source));
        expect((await reduce(reduced.full)).full).toBe(reduced.full);
      }),
    );
  });

  it("accounts for every character of any tags, whatever is chosen", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<li>",
        "</ul>",
        "<br>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<a b='c",
        '"',
        ">",
        "<",
        "</",
        "<![CDATA[",
        "<?",
        " \n ",
        "word ".repeat(60),
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 25 }), fc.infiniteStream(fc.boolean()), async (parts, stream) => {
        const source = parts.join("");
        const reduced = await reduce(source);
        expect(brokenPromises(source, reduced)).toEqual([]);
        const choice = reduced.units.map(() => stream.next().value as boolean);
        expect(omissionsCover(reduced, (index) => choice[index]!)).toBe(true);
      }),
    );
  });

  it.each(hostileTexts.map((hostile, at) => [at, hostile] as const))("takes any string (%i)", async (_, hostile) => {
    expect(brokenPromises(hostile, await reduce(hostile))).toEqual([]);
  });
});
