/**
 * Aliases stand for repeated text: `§1`, `§2`, … The legend that explains them is the text's first line,
 *
 *     Legend: §1=transaction_status_code §2=/var/lib/app
 *
 * and can be read back without escapes: the sigil stands nowhere else in the text, so a value ends where
 * the next ` §n=` begins.
 */

/** Sigils in the order of preference; the first that a text does not contain is used. Each is one token, two with its number. */
export const aliasSigils = ["§", "¤", "¶", "†", "‡", "¢", "¥", "¿"] as const;

/** Stands for a line break in the legend, which is one line. No meaning holds it otherwise. */
export const lineBreakSign = "↵";

const legendStart = new RegExp(`^Legend: ([${aliasSigils.join("")}])1=`, "u");

/** The legend line of aliases in their order, line break included; empty where there are none. */
export function writeLegendLine(legend: Readonly<Record<string, string>>): string {
  const entries = Object.entries(legend);
  if (entries.length === 0) return "";
  return `Legend: ${entries.map(([alias, meaning]) => `${alias}=${meaning.replaceAll("\n", lineBreakSign)}`).join(" ")}\n`;
}

/** Whether a text, or its first line, is a legend as `writeLegendLine` writes it. */
export function startsWithLegend(text: string): boolean {
  return legendStart.test(text);
}

/** Splits a text into its legend and the rest; undefined where the first line is no legend. */
export function readLegendLine(text: string): { legend: Record<string, string>; body: string } | undefined {
  const sigil = legendStart.exec(text)?.[1];
  if (sigil === undefined) return undefined;
  const lineEnd = text.indexOf("\n");
  if (lineEnd === -1) return undefined;
  const entries = text.slice("Legend: ".length, lineEnd).split(new RegExp(` (?=${sigil}\\d+=)`, "u"));
  const legend: Record<string, string> = {};
  for (const [position, entry] of entries.entries()) {
    const equals = entry.indexOf("=");
    const alias = entry.slice(0, equals);
    if (alias !== `${sigil}${position + 1}`) return undefined;
    legend[alias] = entry.slice(equals + 1).replaceAll(lineBreakSign, "\n");
  }
  return { legend, body: text.slice(lineEnd + 1) };
}

/** Where the aliases of a legend stand in a text, in order. */
export function findAliases(
  text: string,
  legend: Readonly<Record<string, string>>,
): { start: number; end: number; meaning: string }[] {
  const sigil = Object.keys(legend)[0]?.[0];
  if (sigil === undefined || !text.includes(sigil)) return [];
  return Array.from(text.matchAll(new RegExp(`${sigil}\\d+`, "gu")))
    .filter(([alias]) => Object.hasOwn(legend, alias))
    .map(({ 0: alias, index }) => ({ start: index, end: index + alias.length, meaning: legend[alias]! }));
}

/** Puts back what each alias of the legend stands for; aliases that are not in it stay as they are. */
export function expandAliases(text: string, legend: Readonly<Record<string, string>>): string {
  const sigil = Object.keys(legend)[0]?.[0];
  if (sigil === undefined || !text.includes(sigil)) return text;
  return text.replace(new RegExp(`${sigil}\\d+`, "gu"), (alias) =>
    Object.hasOwn(legend, alias) ? legend[alias]! : alias,
  );
}
