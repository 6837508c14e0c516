import { aliasSigils, readLegendLine } from "../compress/text/legend.js";

const anyAlias = new RegExp(`[${aliasSigils.join("")}]\\d+`, "gu");

/** A compressed text whose aliases begin after those that a conversation has already, so that each means one thing in it. */
export function numberAliases(text: string, used: number): { text: string; count: number } {
  const legend = readLegendLine(text)?.legend;
  if (legend === undefined) return { text, count: 0 };
  const count = Object.keys(legend).length;
  const renumber = (alias: string) =>
    Object.hasOwn(legend, alias) ? `${alias[0]}${Number(alias.slice(1)) + used}` : alias;
  return { text: used === 0 ? text : text.replace(anyAlias, renumber), count };
}

/** The legend of a text that was numbered; its first alias may have any number. */
export function readNumberedLegend(text: string): Record<string, string> {
  const first = new RegExp(`^Legend: ([${aliasSigils.join("")}])(\\d+)=`, "u").exec(text);
  if (first === null) return {};
  const [, sigil, number] = first;
  const before = Number(number) - 1;
  const lower = text
    .slice(0, text.indexOf("\n") + 1)
    .replace(anyAlias, (alias) => (alias[0] === sigil ? `${sigil}${Number(alias.slice(1)) - before}` : alias));
  const read = readLegendLine(lower)?.legend ?? {};
  return Object.fromEntries(
    Object.entries(read).map(([alias, meaning]) => [`${sigil}${Number(alias.slice(1)) + before}`, meaning]),
  );
}

/**
 * The legend to restore an answer with: of all texts that the model saw. An alias that means two things, or that stands in the
 * conversation for itself, is left out.
 *
 * @param literal what the client wrote, in which no alias is one of ours
 */
export function mergeLegends(texts: readonly string[], literal: string): Record<string, string> {
  const merged = new Map<string, string>();
  const ambiguous = new Set(literal.match(anyAlias) ?? []);
  for (const text of texts) {
    for (const [alias, meaning] of Object.entries(readNumberedLegend(text))) {
      if ((merged.get(alias) ?? meaning) !== meaning) ambiguous.add(alias);
      merged.set(alias, meaning);
    }
  }
  return Object.fromEntries([...merged].filter(([alias]) => !ambiguous.has(alias)));
}
