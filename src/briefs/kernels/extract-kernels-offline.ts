import { LRUCache } from "lru-cache";
import type { Block } from "../markdown/blocks.js";
import { readBrief } from "../markdown/read-brief.js";
import { isEnglish } from "../text/is-english.js";
import { readMeaning } from "../text/read-words.js";
import { classifyStatement } from "./classify-statement.js";
import { cutCore, cutDescription } from "./cut-core.js";
import { createKernel, type Kernel, keyOfMeaning } from "./kernel.js";
import { listStatements } from "./list-statements.js";
import type { Statement } from "./statement.js";

/** A statement with the kernel that it holds. Of statements that say the same, the first has it. */
export interface ReadStatement {
  readonly statement: Statement;
  readonly kernel: Kernel | undefined;
  /** Whether an earlier statement says the same. */
  readonly isRepeat: boolean;
}

/** Kernels of a brief by rules over headings, items, imperatives, definitions and numbers: no model, the same in every run. */
export function extractKernelsOffline(document: string): Kernel[] {
  return readStatements(document).flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel]));
}

/** A brief is read for its kernels, for each candidate and for each comparison: what was read last is remembered. */
const remembered = new LRUCache<string, readonly ReadStatement[]>({ max: 4 });

/** All statements of a brief, with the kernels that the rules find in them. */
export function readStatements(document: string): readonly ReadStatement[] {
  const known = remembered.get(document);
  if (known !== undefined) return known;
  const statements = readAnew(document);
  remembered.set(document, statements);
  return statements;
}

function readAnew(document: string): ReadStatement[] {
  const blocks = readBrief(document);
  const english = isEnglish(document);
  const openings = findOpenings(blocks);
  const seen = new Set<string>();
  return listStatements(blocks).map((statement) => {
    const core = coreOf(statement, english);
    const key = statement.form === "heading" ? "" : keyOfMeaning(readMeaning(core), core);
    const isRepeat = key !== "" && seen.has(key);
    seen.add(key);
    const isFirst = statement.place === 0 && openings.has(statement.block);
    const category = isRepeat
      ? undefined
      : classifyStatement(statement, english, isFirst, introduces(blocks, statement.block));
    if (category === undefined) return { statement, isRepeat, kernel: undefined };
    const isDescription = english && category === "definition" && statement.form !== "code";
    return {
      statement,
      isRepeat,
      kernel: createKernel(category, isDescription ? cutDescription(statement.text) : core),
    };
  });
}

/** What of a statement is its kernel: all of commands and code, the core of sentences. */
function coreOf({ form, text }: Statement, english: boolean): string {
  if (form === "command") return `\`${text}\``;
  return english && (form === "sentence" || form === "heading" || form === "row") ? cutCore(text) : text;
}

/** Blocks that follow a heading directly, or begin the brief. */
function findOpenings(blocks: readonly Block[]): ReadonlySet<number> {
  const found = new Set<number>();
  blocks.forEach((block, index) => {
    if (block.type === "text" && (blocks[index - 1]?.type ?? "heading") === "heading") found.add(index);
  });
  return found;
}

/** Whether the block before leads over to this one, and not as to an example. */
function introduces(blocks: readonly Block[], index: number): boolean {
  const before = blocks[index - 1];
  if (before?.type === "heading")
    return /format|template|structure|layout|pattern|convention|syntax|naming/iu.test(before.text);
  return (
    before?.type === "text" &&
    before.text.endsWith(":") &&
    !/\b(?:examples?|e\.g|instance|sample|like this|wrong|bad)\b/iu.test(before.text)
  );
}
