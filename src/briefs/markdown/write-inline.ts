import type { Nodes, PhrasingContent } from "mdast";
import { saysName } from "../text/drop-echoed-term.js";

/** What is left of a paragraph without its marks: words, and code in backticks. `term` is what it begins with in bold. */
export interface InlineText {
  readonly text: string;
  /** The bold words or the code that a paragraph begins with, where there are any: what it is about. */
  readonly term: string | undefined;
}

/** Link texts that say nothing of where they lead. */
const genericLink = /^(?:here|this|link|docs?|see|more|read more|details|click here|this page)$/iu;

/** Writes the inline content of a block as plain words. Line breaks become spaces. */
export function writeInline(nodes: readonly PhrasingContent[]): InlineText {
  const text = nodes.map(writeNode).join("").replace(/\s+/gu, " ").trim();
  const first = nodes.find((node) => node.type !== "text" || !/^\s*(?:(?:an?|the)\s+)?$/iu.test(node.value));
  const isTerm = first?.type === "strong" || first?.type === "inlineCode" || first?.type === "emphasis";
  const term = isTerm ? writeNode(first).replace(/\s+/gu, " ").trim().replace(/:$/u, "") : "";
  return { text, term: term === "" ? undefined : term };
}

function writeNode(node: Nodes): string {
  switch (node.type) {
    case "text":
      return node.value;
    case "inlineCode":
      return node.value.includes("`") ? `\`\` ${node.value} \`\`` : `\`${node.value}\``;
    case "break":
      return " ";
    case "html":
      return /^<!--|^<\/?(?:br|p|div|img|a|b|i|strong|em|sub|sup|kbd|details|summary|center|h\d|span)\b/iu.test(
        node.value,
      )
        ? " "
        : node.value;
    case "link":
      return writeLink(childText(node.children), node.url);
    case "image":
      return "";
    default:
      return "children" in node ? childText(node.children) : "";
  }
}

function childText(children: readonly Nodes[]): string {
  return children.map(writeNode).join("");
}

/** A link keeps its address where that is the point: within the repository, or where its text says nothing. */
function writeLink(text: string, url: string): string {
  if (text.replaceAll("`", "") === url || text === "" || url.startsWith("mailto:")) return text || url;
  if (genericLink.test(text)) return url;
  if (saysName(text, url)) return url;
  const isAnchor = url.startsWith("#");
  if (isAnchor || text.includes(url.replace(/^\.\//u, "").replace(/#.*$/u, ""))) return text;
  return /^[a-z]+:/iu.test(url) ? text : `${text} (${url})`;
}
