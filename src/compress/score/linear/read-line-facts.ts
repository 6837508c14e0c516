import { hashUnit, startHash } from "../../text/hashing.js";
import { splitWords } from "./split-words.js";
import { hashWord, logBucket, readBits } from "./word-info.js";

/** What stands in the lines of a text. Arrays have one element a line, but for `words`. */
export interface LineFacts {
  readonly count: number;
  /** `logBucket` of a fourth of the lines. */
  readonly size: number;
  /** Hashes of the words of all lines, at most 32 each; those of line i are `words[wordStarts[i], wordStarts[i + 1])`. */
  readonly words: Int32Array;
  readonly wordStarts: Int32Array;
  /** 1 for a line that never goes, and for one that speaks of trouble. */
  readonly floors: Uint8Array;
  readonly trouble: Uint8Array;
  /** Tenths: how rare the line's words are among the lines. Eighths: how many of them no line had before. */
  readonly rarity: Uint8Array;
  readonly novelty: Uint8Array;
  /** How many lines have the same template, and how many of those stand before this one, as `logBucket`s. */
  readonly repeats: Uint8Array;
  readonly earlier: Uint8Array;
  /** Bits of the words, by their mean and at most. */
  readonly meanBits: Uint8Array;
  readonly mostBits: Uint8Array;
  readonly indent: Uint8Array;
  readonly length: Int32Array;
  /** Shares of digits (sixths), of capitals (sixths) and of punctuation (eighths). */
  readonly digits: Uint8Array;
  readonly upper: Uint8Array;
  readonly marks: Uint8Array;
  /** First and last code unit that is no white space. */
  readonly first: Uint16Array;
  readonly last: Uint16Array;
}

/** Code units of a line that are read, and words of it that count. */
const mostUnits = 400;
const mostWords = 32;

/** Words that speak of trouble short of an error. */
const troubleWords =
  /warn|deprecat|retr(?:y|ied)|time-?out|abort|kill|crash|refus|reject|invalid|missing|unexpected|conflict|unable|not found|no such|critical|severe|alert|rollback|unhealthy|degraded|skipp|blocked|overflow|leak|unreachable|corrupt|expired|unauthorized|forbidden/iu;

/** Reads the facts of lines. Linear in the text's length; of a long line the beginning is read. */
export function readLineFacts(
  source: string,
  lines: readonly { readonly start: number; readonly end: number; readonly floor: boolean }[],
  frequencies: Uint8Array,
): LineFacts {
  const facts = emptyFacts(lines.length);
  const templates = new Int32Array(lines.length);
  const words: number[] = [];
  const terms: Int32Array[] = [];
  lines.forEach(({ start, end, floor }, at) => {
    const text = source.slice(start, Math.min(end, start + mostUnits));
    facts.floors[at] = floor ? 1 : 0;
    facts.trouble[at] = troubleWords.test(text) ? 1 : 0;
    templates[at] = measureLine(text, at, facts);
    facts.wordStarts[at] = words.length;
    terms.push(readWords(text, at, facts, words, frequencies));
  });
  facts.wordStarts[lines.length] = words.length;
  compareLines(terms, facts);
  countTemplates(templates, facts);
  return { ...facts, words: Int32Array.from(words) };
}

type Columns = Omit<LineFacts, "words">;

function emptyFacts(count: number): Columns {
  const bytes = () => new Uint8Array(count);
  return {
    count,
    size: logBucket(count >> 2),
    wordStarts: new Int32Array(count + 1),
    floors: bytes(),
    trouble: bytes(),
    rarity: bytes(),
    novelty: bytes(),
    repeats: bytes(),
    earlier: bytes(),
    meanBits: bytes(),
    mostBits: bytes(),
    indent: bytes(),
    length: new Int32Array(count),
    digits: bytes(),
    upper: bytes(),
    marks: bytes(),
    first: new Uint16Array(count),
    last: new Uint16Array(count),
  };
}

/** Adds the words of a line to `words`, and returns those that are no numbers, each once. */
function readWords(text: string, at: number, facts: Columns, words: number[], frequencies: Uint8Array): Int32Array {
  const { starts, ends } = splitWords(text, mostWords);
  const terms = new Set<number>();
  let sum = 0;
  let most = 0;
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index]!;
    const hash = hashWord(text, start, ends[index]!);
    const bits = readBits(hash, frequencies);
    words.push(hash);
    sum += bits;
    most = Math.max(most, bits);
    const unit = text.charCodeAt(start);
    if (unit < 48 || unit > 57) terms.add(hash);
  }
  facts.meanBits[at] = starts.length === 0 ? 0 : Math.floor(sum / starts.length) >> 3;
  facts.mostBits[at] = most >> 3;
  return Int32Array.from(terms);
}

/** How rare the words of each line are, and how new. */
function compareLines(terms: readonly Int32Array[], { count, rarity, novelty }: Columns): void {
  const frequency = new Map<number, number>();
  for (const line of terms) for (const term of line) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const most = Math.log(count + 1);
  const seen = new Set<number>();
  terms.forEach((line, at) => {
    if (line.length === 0) return;
    let sum = 0;
    let fresh = 0;
    for (const term of line) {
      sum += Math.log((count + 1) / frequency.get(term)!);
      if (!seen.has(term)) fresh++;
    }
    for (const term of line) seen.add(term);
    rarity[at] = Math.floor((10 * sum) / (line.length * most) + 1e-6);
    novelty[at] = Math.floor((8 * fresh) / line.length);
  });
}

function countTemplates(templates: Int32Array, { repeats, earlier }: Columns): void {
  const counts = new Map<number, number>();
  templates.forEach((template, at) => {
    const before = counts.get(template) ?? 0;
    earlier[at] = logBucket(before);
    counts.set(template, before + 1);
  });
  templates.forEach((template, at) => {
    repeats[at] = logBucket(counts.get(template)!);
  });
}

/** Reads what characters a line has, and returns the hash of its template: the line with each number as one digit. */
function measureLine(text: string, at: number, facts: Columns): number {
  let first = 0;
  let last = text.length - 1;
  while (first < text.length && text.charCodeAt(first) <= 32) first++;
  while (last >= first && text.charCodeAt(last) <= 32) last--;
  let digits = 0;
  let upper = 0;
  let marks = 0;
  let template = startHash;
  let inNumber = false;
  for (let index = first; index <= last; index++) {
    const unit = text.charCodeAt(index);
    const isDigit = unit >= 48 && unit <= 57;
    if (!isDigit || !inNumber) template = hashUnit(template, isDigit ? 48 : unit);
    inNumber = isDigit;
    if (isDigit) digits++;
    else if (unit >= 65 && unit <= 90) upper++;
    else if (isMark(unit)) marks++;
  }
  const length = last + 1 - first;
  facts.indent[at] = Math.min(15, first);
  facts.length[at] = length;
  facts.digits[at] = Math.floor((6 * digits) / (length + 1));
  facts.upper[at] = Math.floor((6 * upper) / (length + 1));
  facts.marks[at] = Math.floor((8 * marks) / (length + 1));
  facts.first[at] = length > 0 ? text.charCodeAt(first) : 0;
  facts.last[at] = length > 0 ? text.charCodeAt(last) : 0;
  return template;
}

/** Punctuation of ASCII but for the underscore. */
function isMark(unit: number): boolean {
  return (
    (unit >= 33 && unit <= 47) ||
    (unit >= 58 && unit <= 64) ||
    (unit >= 91 && unit <= 94) ||
    unit === 96 ||
    (unit >= 123 && unit <= 126)
  );
}
