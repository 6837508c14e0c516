/** A text as somebody may read it who undoes its escapes, and where each of its code units comes from. */
export interface View {
  readonly text: string;
  /** Code unit of the view to offset in the source; one entry more than the view has code units. Undefined where both are the same. */
  readonly starts: Int32Array | undefined;
}

/** Texts are escaped within escaped texts: JSON in JSON, a URL in a URL. */
const deepest = 4;

/** Terminal codes begin with a control character, and NUL stands between the letters of UTF-16 that was read as bytes. */
const escapes =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\\u\{?[0-9a-fA-F]{4}\}?|\\x[0-9a-fA-F]{2}|\\[nrtbfv"'`/\\]|%[0-9A-Fa-f]{2}|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,6});|\u001b\[[0-9;]{0,20}[A-Za-z]|[\u200b-\u200f\u2060\ufeff\u00ad\0]/gu;

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  commat: "@",
  colon: ":",
  sol: "/",
  period: ".",
  equals: "=",
  lowbar: "_",
  plus: "+",
  hyphen: "-",
  dash: "-",
  num: "#",
};
const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: " ", f: " ", v: " " };

/** A text, and the same text with its escapes undone level by level: backslashes, per cents, HTML entities, terminal codes, characters of no width. */
export function* decodeViews(source: string): Generator<View> {
  let view: View = { text: source, starts: undefined };
  yield view;
  for (let level = 0; level < deepest; level++) {
    const decoded = decodeOnce(view);
    if (decoded === undefined) break;
    view = decoded;
    yield view;
  }
  const joined = joinWrapped(view);
  if (joined !== undefined) yield joined;
}

/** Where `[start, end)` of a view lies in the source. */
export function toSource({ starts }: View, start: number, end: number): { start: number; end: number } {
  return starts === undefined ? { start, end } : { start: starts[start]!, end: starts[end]! };
}

function decodeOnce(view: View): View | undefined {
  return rewrite(view, escapes, (matched) => decodeEscape(matched));
}

/** Undefined where it is no escape after all. */
function decodeEscape(matched: string): string | undefined {
  if (matched.startsWith("\\u") || matched.startsWith("\\x"))
    return String.fromCharCode(Number.parseInt(matched.replace(/[^0-9a-fA-F]/gu, ""), 16));
  if (matched.startsWith("\\")) return controls[matched[1]!] ?? matched[1]!;
  if (matched.startsWith("%")) return String.fromCharCode(Number.parseInt(matched.slice(1), 16));
  if (matched.startsWith("&#")) {
    const isHex = /^&#x/iu.test(matched);
    const code = Number.parseInt(matched.slice(isHex ? 3 : 2, -1), isHex ? 16 : 10);
    return code <= 0xffff ? String.fromCharCode(code) : undefined;
  }
  if (matched.startsWith("&")) return named[matched.slice(1, -1)];
  return "";
}

/** The rest of a token that was broken at a line's end: behind a long line, before a piece that is no plain word. */
const wrap = /(?<=[A-Za-z0-9+/_=.-]{12})\\?\r?\n[ \t]{0,40}(?=[A-Za-z0-9+/_=-]{0,80}[0-9A-Z+/=])/gu;

function joinWrapped(view: View): View | undefined {
  return rewrite(view, wrap, () => "");
}

/** The view in which matches stand as what they mean; undefined where there are none. */
function rewrite(view: View, pattern: RegExp, meaning: (matched: string) => string | undefined): View | undefined {
  const { text, starts } = view;
  const places: number[] = [];
  const pieces: string[] = [];
  let at = 0;
  const keep = (until: number) => {
    pieces.push(text.slice(at, until));
    for (; at < until; at++) places.push(starts === undefined ? at : starts[at]!);
  };
  for (const match of text.matchAll(pattern)) {
    const decoded = meaning(match[0]);
    if (decoded === undefined) continue;
    keep(match.index);
    pieces.push(decoded);
    for (let unit = 0; unit < decoded.length; unit++) places.push(starts === undefined ? at : starts[at]!);
    at += match[0].length;
  }
  if (at === 0 && pieces.length === 0) return undefined;
  keep(text.length);
  places.push(starts === undefined ? text.length : starts[text.length]!);
  return { text: pieces.join(""), starts: Int32Array.from(places) };
}
