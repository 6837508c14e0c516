import type { MixedDocument, Part, Snippet } from "./read-snippets.js";

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly language?: string;
}
type Classify = (text: string) => readonly Stretch[];

/** Fenced blocks and Markdown tables are segments of their own, so they do not count in the text around them. */
const embeddedBlock = /^ {0,8}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,8}\1[^\n]*$|$(?![\s\S]))|^\|.*\|$/gm;

/** How a snippet was classified. It is right when its kind has most of the characters, and 80 % of them. */
export function measureSnippet({ kind, text }: Pick<Snippet, "kind" | "text">, classify: Classify) {
  const segments = classify(text);
  const embedded = new Uint8Array(text.length);
  for (const match of kind === "markdown" ? text.matchAll(embeddedBlock) : [])
    embedded.fill(1, match.index, match.index + match[0].length);
  const sizes = new Map<string, number>();
  for (const segment of segments) {
    let size = 0;
    for (let at = segment.start; at < segment.end; at++) if (!embedded[at]) size++;
    sizes.set(segment.kind, (sizes.get(segment.kind) ?? 0) + size);
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const [found] = [...sizes].reduce((best, next) => (next[1] > best[1] ? next : best), ["none", 0]);
  return {
    found,
    foundLanguage: segments.find((segment) => segment.kind === "code")?.language,
    isRight: found === kind && (sizes.get(kind) ?? 0) >= 0.8 * total,
    segments: segments.length,
    shape: segments.map(({ kind: of, start, end }) => `${of}:${countLines(text, start, end)}`).join(" "),
  };
}

/** How a mixed document was split, line by line. It is right with the labelled kinds in order, each boundary within two lines. */
export function measureDocument({ parts }: Pick<MixedDocument, "parts">, classify: Classify) {
  const text = parts.map((part) => part.text).join("");
  const expected = kindOfLines(text, stretchesOf(parts));
  const segments = classify(text);
  const found = kindOfLines(text, segments);
  // Blank lines may go to either side.
  const content = expected.flatMap((kind, line) => (kind === undefined ? [] : [kind === found[line]]));
  const rightLines = content.filter((isRight) => isRight).length;
  const expectedShape = collapse(parts.map(({ kind }) => kind));
  const shape = collapse(segments.map(({ kind }) => kind));
  const isRight = shape === expectedShape && content.length - rightLines <= 2 * parts.length;
  return { lines: content.length, rightLines, expectedShape, shape, isRight };
}

function stretchesOf(parts: readonly Part[]): Stretch[] {
  let end = 0;
  return parts.map(({ kind, text }) => {
    const start = end;
    end += text.length;
    return { start, end, kind };
  });
}

/** The kind at the start of every line; undefined for blank lines. */
function kindOfLines(text: string, stretches: readonly Stretch[]): (string | undefined)[] {
  let at = 0;
  let index = 0;
  return text.split("\n").map((line) => {
    while (index + 1 < stretches.length && stretches[index]!.end <= at) index++;
    at += line.length + 1;
    return line.trim() === "" ? undefined : stretches[index]?.kind;
  });
}

function collapse(kinds: readonly string[]): string {
  return kinds.filter((kind, index) => kind !== kinds[index - 1]).join(" ");
}

function countLines(text: string, start: number, end: number): number {
  return text.slice(start, end).split("\n").length;
}
