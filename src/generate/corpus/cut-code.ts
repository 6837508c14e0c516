import type { Node } from "web-tree-sitter";
import { commentNodes, functionNodes, typeNodes, wrapperNodes } from "../../compress/reduce/code/node-types.js";
import { type GrammarLanguage, loadGrammar } from "../../engine/grammars/load-grammar.js";
import type { CorpusTools } from "./corpus-text.js";
import { isTestUnit } from "./judge-code.js";

const statement =
  /(?:_statement|_declaration|_definition|_clause|_item|^match_arm|^(?:if|match|for|while|loop|return|assignment|macro)_?(?:expression|invocation)?)$/u;
/** Declarations that may hold a function as their value: `const read = () => ...`. */
const variableNodes = new Set(["lexical_declaration", "variable_declaration"]);

/**
 * Cuts source code into functions, classes and, of classes that are too large, methods. Each comes with the remarks right above it.
 *
 * @returns nothing where the language's grammar cannot be loaded
 */
export async function cutCode(source: string, language: GrammarLanguage, tools: CorpusTools): Promise<string[]> {
  const parser = await loadGrammar(language);
  const tree = parser?.parse(source);
  if (tree === null || tree === undefined) {
    tools.onLeftOut("unreadable");
    return [];
  }
  try {
    return [...findUnits(tree.rootNode, source, tools)];
  } finally {
    tree.delete();
  }
}

function* findUnits(parent: Node, source: string, tools: CorpusTools): Generator<string> {
  for (const node of parent.namedChildren) {
    if (node === null) continue;
    const declared = declarationIn(node);
    if (declared === undefined) {
      if (holdsDeclarations(node)) yield* findUnits(node, source, tools);
      continue;
    }
    const text = dedent(source.slice(startOf(node, source), node.endIndex));
    const tokens = tools.count(text);
    const isLargeType = tokens > tools.sizes.code.most && typeNodes.has(declared.type);
    if (isLargeType && !isTestUnit(text)) yield* findUnits(declared, source, tools);
    else if (isFit(declared, text, tokens, tools)) yield text;
  }
}

/** The function or type that a node declares, if it declares one. */
function declarationIn(node: Node): Node | undefined {
  if (functionNodes.has(node.type) || typeNodes.has(node.type)) return node;
  if (wrapperNodes.has(node.type)) {
    for (const child of node.namedChildren) {
      const found = child === null ? undefined : declarationIn(child);
      if (found !== undefined) return found;
    }
  }
  const holdsFunction = (each: Node | null) => functionNodes.has(each?.childForFieldName("value")?.type ?? "");
  return variableNodes.has(node.type) && node.namedChildren.some(holdsFunction) ? node : undefined;
}

/** Bodies of types, namespaces and conditional sections; not expressions, in which callbacks stand. */
function holdsDeclarations({ type }: Node): boolean {
  return /(?:_body|_list|^block|^statement_block|^preproc_\w+|^program|^module|^source_file|_section)$/u.test(type);
}

function isFit(node: Node, text: string, tokens: number, tools: CorpusTools): boolean {
  const { sizes, fewestStatements, onLeftOut } = tools;
  const reason = node.hasError
    ? "unreadable"
    : tokens < sizes.code.fewest
      ? "too-small"
      : tokens > sizes.code.most
        ? "too-large"
        : isTestUnit(text)
          ? "test"
          : countStatements(node) < fewestStatements
            ? "trivial"
            : undefined;
  if (reason !== undefined) onLeftOut(reason);
  return reason === undefined;
}

/** Statements and declarations below a node: a getter has one, a table of constants none. */
function countStatements(node: Node): number {
  let found = 0;
  for (const child of node.namedChildren) {
    if (child === null) continue;
    found += (statement.test(child.type) ? 1 : 0) + countStatements(child);
  }
  return found;
}

/** Where a declaration starts: its line's indentation, and remarks on the lines right above, included. */
function startOf(node: Node, source: string): number {
  let first = node;
  for (let above = node.previousNamedSibling; above !== null; above = above.previousNamedSibling) {
    const isNear = first.startPosition.row - above.endPosition.row <= 1;
    if (!isNear || !(commentNodes.has(above.type) || above.type === "attribute_item")) break;
    first = above;
  }
  const lineStart = source.lastIndexOf("\n", first.startIndex - 1) + 1;
  return source.slice(lineStart, first.startIndex).trim() === "" ? lineStart : first.startIndex;
}

/** Takes the indentation that all lines share away. */
function dedent(text: string): string {
  const lines = text.split("\n");
  const widths = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const width = Math.min(...widths);
  return lines.map((line) => line.slice(Math.min(width, line.length - line.trimStart().length))).join("\n");
}
