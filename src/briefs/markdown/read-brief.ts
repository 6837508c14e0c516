import type { List, Nodes, Paragraph, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import type { Block } from "./blocks.js";
import { cutChunks } from "./cut-chunks.js";
import { readTable } from "./read-table.js";
import { writeInline } from "./write-inline.js";

/** Reads a brief, which is any text: what is no Markdown is a paragraph. Front matter is read as lines of text. */
export function readBrief(document: string): Block[] {
  const { frontMatter, body } = splitFrontMatter(document.replaceAll("\r\n", "\n").replace(/^\uFEFF/u, ""));
  const blocks: Block[] = frontMatter.map((line) => ({
    type: "text",
    text: line,
    term: undefined,
    depth: 0,
    marker: "",
  }));
  for (const chunk of cutChunks(body)) {
    for (const node of fromMarkdown(chunk).children) readNode(node, chunk, 0, blocks);
  }
  return blocks;
}

function splitFrontMatter(document: string): { frontMatter: string[]; body: string } {
  const match = /^---\n([\s\S]{0,10000}?)\n---(?:\n|$)/u.exec(document);
  if (match === null) return { frontMatter: [], body: document };
  const lines = match[1]!.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return { frontMatter: lines, body: document.slice(match[0].length) };
}

function readNode(node: RootContent, source: string, depth: number, blocks: Block[]): void {
  switch (node.type) {
    case "heading":
      blocks.push({ type: "heading", depth: node.depth, text: writeInline(node.children).text });
      return;
    case "paragraph":
      readParagraph(node, source, depth, "", blocks);
      return;
    case "list":
      readList(node, source, depth, blocks);
      return;
    case "code":
      blocks.push({ type: "code", language: (node.lang ?? "").toLowerCase(), lines: node.value.split("\n"), depth });
      return;
    case "blockquote":
      for (const child of node.children) readNode(child, source, depth, blocks);
      return;
    case "html": {
      const text = node.value
        .replace(/<!--[\s\S]*?-->/gu, "")
        .replace(/<[^>\n]{0,500}>/gu, " ")
        .trim();
      if (text !== "")
        blocks.push({ type: "text", text: text.replace(/\s+/gu, " "), term: undefined, depth, marker: "" });
      return;
    }
    default:
      return;
  }
}

function readList(list: List, source: string, depth: number, blocks: Block[]): void {
  list.children.forEach((item, index) => {
    const marker = list.ordered ? `${(list.start ?? 1) + index}.` : "-";
    item.children.forEach((child, place) => {
      if (child.type === "paragraph") readParagraph(child, source, depth + 1, place === 0 ? marker : "", blocks);
      else readNode(child as RootContent, source, depth + 1, blocks);
    });
  });
}

function readParagraph(node: Paragraph, source: string, depth: number, marker: string, blocks: Block[]): void {
  const raw = source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
  const table = readTable(raw);
  if (table !== undefined) {
    const header = table.header.map(readCell);
    for (const row of table.rows) blocks.push({ type: "row", header, cells: row.map(readCell) });
    return;
  }
  const { text, term } = writeInline(node.children);
  // A task list's box says nothing that the item does not.
  const bare = depth > 0 ? text.replace(/^\[[ xX]\]\s+/u, "") : text;
  if (bare !== "") blocks.push({ type: "text", text: bare, term, depth, marker });
}

function readCell(cell: string): string {
  const [paragraph] = fromMarkdown(cell).children as Nodes[];
  return paragraph?.type === "paragraph" ? writeInline(paragraph.children).text : cell;
}
