import { extractCode, readCode } from "./read-code.js";

/** What the comparison of two programs by their syntax trees found. */
export interface CodeComparison {
  /** 1 for the same tree after normalisation; else the share of nodes that stand alike in both, 0..1. */
  readonly similarity: number;
  readonly same: boolean;
  readonly reasons: readonly string[];
}

const longestCompared = 4000;

/**
 * Compares two programs by syntax tree: names that the code declares, comments, annotations, quotes, braces around one
 * statement, `x += 1`, and the direction of a comparison make no difference.
 *
 * @param language of the task; a fence's own tag goes before it
 * @returns nothing where there is no grammar for the language
 */
export async function compareCode(
  verbose: string,
  compressed: string,
  language: string,
): Promise<CodeComparison | undefined> {
  const [left, right] = [extractCode(verbose), extractCode(compressed)];
  const a = await readCode(left.code, left.language ?? language);
  const b = await readCode(right.code, right.language ?? language);
  if (a === undefined || b === undefined) return undefined;
  const reasons: string[] = [];
  if (b.broken && !a.broken) reasons.push("the second is no valid program");
  const same =
    !b.broken && a.nodes.length === b.nodes.length && a.nodes.every((node, index) => node === b.nodes[index]);
  if (same) return { similarity: 1, same, reasons };
  const similarity = shareAlike(a.nodes.slice(0, longestCompared), b.nodes.slice(0, longestCompared));
  const difference = a.nodes.findIndex((node, index) => node !== b.nodes[index]);
  reasons.push(`syntax trees differ first at ${describe(a.nodes[difference])} / ${describe(b.nodes[difference])}`);
  return { similarity: b.broken && !a.broken ? similarity / 2 : similarity, same, reasons };
}

function describe(node: string | undefined): string {
  return node === undefined ? "the end" : node.replace(/^\d+ /u, "");
}

/** Twice the longest common subsequence over both lengths, in two rows of memory. */
function shareAlike(a: readonly string[], b: readonly string[]): number {
  let above = new Uint16Array(b.length + 1);
  for (const node of a) {
    const row = new Uint16Array(b.length + 1);
    for (let j = 1; j <= b.length; j++)
      row[j] = node === b[j - 1] ? above[j - 1]! + 1 : Math.max(above[j]!, row[j - 1]!);
    above = row;
  }
  return a.length + b.length === 0 ? 1 : (2 * above[b.length]!) / (a.length + b.length);
}
