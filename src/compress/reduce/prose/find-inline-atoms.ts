import type { Span } from "../../text/spans.js";

const inline = /`[^`\n]{1,120}`|!?\[[^\]\n]{0,200}\]\([^)\s]{0,400}\)|<https?:[^>\s]{1,400}>/gu;

/** Inline code, links and images of Markdown: each is one word, whatever it holds. */
export function findInlineAtoms(source: string, start: number, end: number): Span[] {
  const text = source.slice(start, end);
  if (!text.includes("`") && !text.includes("](") && !text.includes("<http")) return [];
  return Array.from(text.matchAll(inline), ({ 0: atom, index }) => ({
    start: start + index,
    end: start + index + atom.length,
  }));
}
