import type { Span } from "../../compress/text/spans.js";
import { loadTokenCounter } from "../../engine/tokens/load-token-counter.js";
import { decodeViews, toSource } from "./decode-view.js";
import { findRandomTokens } from "./find-random-tokens.js";
import { type SecretKind, secretShapes } from "./secret-shapes.js";

/** A text without its secrets. */
export interface RedactedText {
  readonly text: string;
  /** How many secrets of each kind were replaced; one that stands twice counts once. */
  readonly replaced: Readonly<Partial<Record<SecretKind, number>>>;
}

/** Replaces secrets. Undefined for a text that keeps showing some: it must not be kept. */
export type Redactor = (text: string) => RedactedText | undefined;

interface Found extends Span {
  readonly kind: SecretKind;
  /** What the secret is once its escapes are undone: the same secret has the same placeholder. */
  readonly secret: string;
}

/** What is joined by a replacement may show what was not seen before. */
const mostRounds = 4;

const placeholder = /^REDACTED_[A-Z]+_\d+$/u;

/**
 * Makes a function that replaces secrets by placeholders such as `REDACTED_EMAIL_1`, the same one for the same secret throughout a text: private
 * keys, tokens of known shapes, values of names such as `password`, logins in URLs, e-mail addresses, card numbers, and what looks random. Escaped
 * ones too: texts are looked at as they are, and with backslashes, per cents, HTML entities and line wraps undone.
 */
export async function createRedactor(): Promise<Redactor> {
  const { count } = await loadTokenCounter();
  return (text) => {
    const numbers = new Map<string, string>();
    const replaced: Partial<Record<SecretKind, number>> = {};
    const nameOf = ({ kind, secret }: Found) => {
      const known = numbers.get(secret);
      if (known !== undefined) return known;
      const number = (replaced[kind] ?? 0) + 1;
      replaced[kind] = number;
      const name = `REDACTED_${kind}_${number}`;
      numbers.set(secret, name);
      return name;
    };
    let redacted = text;
    for (let round = 0; round < mostRounds; round++) {
      const found = findSecrets(redacted, count);
      if (found.length === 0) return { text: redacted, replaced };
      redacted = replaceAll(redacted, found, nameOf);
    }
    return undefined;
  };
}

/** Secrets of a text in order, none overlapping another. */
function findSecrets(text: string, count: (text: string) => number): Found[] {
  const found: Found[] = [];
  const views = [...decodeViews(text)];
  for (const view of views) {
    const add = (kind: SecretKind, start: number, end: number) => {
      const secret = view.text.slice(start, end);
      if (!placeholder.test(secret)) found.push({ kind, secret, ...toSource(view, start, end) });
    };
    for (const { kind, pattern, accept } of secretShapes) {
      for (const match of view.text.matchAll(pattern)) {
        const secret = secretOf(match);
        if (accept !== undefined && !accept(secret, match)) continue;
        const start = match.index + match[0].lastIndexOf(secret);
        add(kind, start, start + secret.length);
      }
    }
    // Where escapes are undone, a letter that belongs to one is no part of what follows it.
    if (view === views[0] && views.length > 1) continue;
    for (const { start, end } of findRandomTokens(view.text, count)) add("TOKEN", start, end);
  }
  return mergeFound(found);
}

function secretOf({ 0: whole, groups }: RegExpMatchArray): string {
  if (groups === undefined) return whole;
  return groups.secret ?? groups.a ?? groups.b ?? groups.c ?? groups.d ?? whole;
}

/** One for each stretch that overlapping ones cover, of the kind of the one that was found first. */
function mergeFound(found: readonly Found[]): Found[] {
  const order = new Map(found.map((each, at) => [each, at]));
  const sorted = [...found].filter(({ start, end }) => end > start).sort((one, other) => one.start - other.start);
  const merged: Found[] = [];
  for (const each of sorted) {
    const last = merged.at(-1);
    if (last === undefined || each.start >= last.end) {
      merged.push(each);
      continue;
    }
    const first = order.get(last)! <= order.get(each)! ? last : each;
    const union = { ...first, start: last.start, end: Math.max(last.end, each.end) };
    order.set(union, order.get(first)!);
    merged[merged.length - 1] = union;
  }
  return merged;
}

function replaceAll(text: string, found: readonly Found[], nameOf: (found: Found) => string): string {
  let at = 0;
  const pieces = found.flatMap((each) => {
    const before = text.slice(at, each.start);
    at = each.end;
    return [before, nameOf(each)];
  });
  return [...pieces, text.slice(at)].join("");
}
