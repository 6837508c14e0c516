import { BrevisError } from "../../errors.js";
import { aliasSigils } from "../text/legend.js";

/** Begins aliases that a model is asked to write: `@01`. They stand as words of their own, so that addresses stay what they are. */
export const outputSigil = "@";

const aliasShape = new RegExp(`^[${aliasSigils.join("")}${outputSigil}]\\d+$`, "u");
const wordCharacter = /[\p{L}\p{N}_]/u;

/**
 * Puts back what aliases stand for in a text that comes in pieces, cut anywhere. What it holds back is never longer than the longest
 * alias: the beginning of one, until it can be told from longer ones.
 *
 * An alias is its sigil and all digits after it: `§1` is none in `§12`. What a meaning contains is never read again.
 */
export class AliasRestorer {
  readonly #meanings: ReadonlyMap<string, string>;
  /** Every beginning of an alias: what may still become one. */
  readonly #beginnings = new Set<string>();
  readonly #longest: number;
  readonly #sigils: RegExp | undefined;
  #held = "";
  /** The last code unit before what is held. */
  #before = "";

  /** @throws {BrevisError} `invalid-option` for what is no legend */
  constructor(legend: Readonly<Record<string, string>>) {
    checkLegend(legend);
    this.#meanings = new Map(Object.entries(legend));
    for (const alias of this.#meanings.keys()) {
      for (let length = 1; length <= alias.length; length++) this.#beginnings.add(alias.slice(0, length));
    }
    this.#longest = Math.max(0, ...[...this.#meanings.keys()].map(({ length }) => length));
    const sigils = new Set([...this.#meanings.keys()].map((alias) => alias[0]));
    this.#sigils = sigils.size === 0 ? undefined : new RegExp(`[${[...sigils].join("")}]`, "g");
  }

  /** Whether a text could hold an alias, or the beginning of one; false is certain. */
  concerns(text: string): boolean {
    if (this.#sigils === undefined) return false;
    this.#sigils.lastIndex = 0;
    return this.#sigils.test(text);
  }

  /** Whether something is held back. */
  get isHolding(): boolean {
    return this.#held !== "";
  }

  /** Takes the next piece, and gives what stands by now. */
  write(piece: string): string {
    if (this.#sigils === undefined || piece === "") return piece;
    return this.#restore(this.#held + piece, false);
  }

  /** Gives what was held back: the text is over. */
  end(): string {
    const rest = this.#restore(this.#held, true);
    this.#before = "";
    return rest;
  }

  #restore(text: string, isEnd: boolean): string {
    const pieces: string[] = [];
    let from = 0;
    let search = 0;
    this.#held = "";
    for (let start = this.#findSigil(text, 0); start !== -1; start = this.#findSigil(text, search)) {
      const end = this.#endOfCandidate(text, start);
      const candidate = text.slice(start, end);
      if (!isEnd && end === text.length && this.#beginnings.has(candidate) && this.#mayStart(text, start)) {
        this.#held = candidate;
        this.#remember(text, start);
        pieces.push(text.slice(from, start));
        return pieces.join("");
      }
      search = end;
      const meaning = this.#meanings.get(candidate);
      if (meaning === undefined || !this.#mayStart(text, start) || !mayEnd(text, start, end)) continue;
      pieces.push(text.slice(from, start), meaning);
      from = end;
    }
    this.#remember(text, text.length);
    return from === 0 ? text : pieces.join("") + text.slice(from);
  }

  #findSigil(text: string, from: number): number {
    const sigils = this.#sigils;
    if (sigils === undefined) return -1;
    sigils.lastIndex = from;
    return sigils.exec(text)?.index ?? -1;
  }

  /** After the digits that follow a sigil, or after so many that this can be no alias. */
  #endOfCandidate(text: string, start: number): number {
    const limit = Math.min(text.length, start + this.#longest + 1);
    let end = start + 1;
    while (end < limit && isDigit(text.charCodeAt(end))) end++;
    return end;
  }

  #mayStart(text: string, start: number): boolean {
    return text[start] !== outputSigil || !wordCharacter.test(start === 0 ? this.#before : text[start - 1]!);
  }

  #remember(text: string, end: number): void {
    if (end > 0) this.#before = text[end - 1]!;
  }
}

function mayEnd(text: string, start: number, end: number): boolean {
  return text[start] !== outputSigil || end === text.length || !wordCharacter.test(text[end]!);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function checkLegend(legend: Readonly<Record<string, string>>): void {
  if (typeof legend !== "object" || legend === null) {
    throw new BrevisError("invalid-option", "Expected a legend, an object of aliases and what they stand for.", {
      hint: "Give the legend of a result: createRestorer(result.legend).",
    });
  }
  for (const [alias, meaning] of Object.entries(legend)) {
    if (aliasShape.test(alias) && typeof meaning === "string") continue;
    throw new BrevisError(
      "invalid-option",
      `Expected aliases such as §1 or @01, each with its text, but received ${JSON.stringify(alias.slice(0, 40))}.`,
    );
  }
}
