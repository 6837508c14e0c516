import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import { cutCore } from "../kernels/cut-core.js";
import type { ReadStatement } from "../kernels/extract-kernels-offline.js";
import { dropEchoedTerm } from "../text/drop-echoed-term.js";
import { readMeaning } from "../text/read-words.js";
import { shortenSentence } from "./shorten-sentence.js";

/** A way to write a statement. */
export interface Form {
  readonly text: string;
  readonly tokens: number;
  /** What a reader learns from it: atoms count 2, content words 1. */
  readonly worth: number;
}

/** A statement with the ways to write it, the shortest first. */
export interface PlannedLine extends ReadStatement {
  readonly forms: readonly Form[];
}

/** Tokens of a line beside its text: the bullet or the full stop, and the line break. */
const lineTokens = 2;

/** Works out how each statement can be written. Headings have one form; their own rule says when they stand. */
export function planLines(
  statements: readonly ReadStatement[],
  english: boolean,
  counter: TokenCounter,
): PlannedLine[] {
  return statements.map((read) => {
    const texts = [...new Set(writeForms(read, english))];
    const forms = texts.map((text) => ({
      text,
      tokens: counter.count(text) + lineTokens,
      worth: worthOf(text),
    }));
    return { ...read, forms: forms.sort((left, right) => left.tokens - right.tokens) };
  });
}

function writeForms({ statement, kernel }: ReadStatement, english: boolean): string[] {
  const { form, text, remark } = statement;
  if (form === "command")
    return remark === undefined ? [text] : [text, `${text} # ${english ? shortenSentence(remark) : remark}`];
  if (form === "code" || form === "tree") return [form === "code" ? tidyCode(text) : text];
  if (!english) return [text];
  if (form === "heading") return [text.replace(/\s*\([^)]*\)$/u, "") || text];
  return [...(kernel === undefined ? [] : [kernel.text]), cutCore(text), text].map((said) =>
    dropEchoedTerm(shortenSentence(said)),
  );
}

/** Blank lines are gone already; white space at lines' ends says nothing. */
function tidyCode(code: string): string {
  return code.replace(/[ \t]+$/gmu, "");
}

function worthOf(text: string): number {
  const { words, atoms } = readMeaning(text);
  return words.length + 2 * atoms.length;
}
