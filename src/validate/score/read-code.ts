import type { Node } from "web-tree-sitter";
import { type GrammarLanguage, hasGrammar, loadGrammar } from "../../engine/grammars/load-grammar.js";

/** A program as the lines of its syntax tree, normalised: names by order of appearance, notation made one. */
export interface CodeReading {
  readonly nodes: readonly string[];
  /** Whether the parser met something that is no program of the language. */
  readonly broken: boolean;
}

const aliases: Readonly<Record<string, string>> = { js: "javascript", ts: "typescript", py: "python", rs: "rust" };

/** The code of an answer: its fenced blocks joined, else the whole. */
export function extractCode(answer: string): { code: string; language?: string } {
  const blocks = [
    ...answer.matchAll(/^[ \t]*(?:```|~~~)[ \t]*(?<tag>[\w+-]*)[^\n]*\n(?<code>[\s\S]*?)^[ \t]*(?:```|~~~)/gmu),
  ];
  if (blocks.length === 0) return { code: answer };
  const language = blocks[0]!.groups!.tag!.toLowerCase();
  const code = blocks.map(({ groups }) => groups!.code!).join("\n");
  return language === "" ? { code } : { code, language: aliases[language] ?? language };
}

/** @returns nothing where there is no grammar for the language, or it cannot be loaded */
export async function readCode(code: string, language: string): Promise<CodeReading | undefined> {
  const name = aliases[language] ?? language;
  if (!hasGrammar(name)) return undefined;
  const parser = await loadGrammar(name);
  const tree = parser?.parse(wrapMember(code, name));
  if (!tree) return undefined;
  try {
    return { nodes: normaliseTree(tree.rootNode), broken: tree.rootNode.hasError };
  } finally {
    tree.delete();
  }
}

/** A method alone is no program in Java. */
function wrapMember(code: string, language: GrammarLanguage): string {
  return language === "java" && !/\b(?:class|interface|enum|record)\s+\w/u.test(code)
    ? `class Wrapper {\n${code}\n}`
    : code;
}

const skipped = /^(?:(?:line_|block_)?comment|type_annotation|type_parameters|type_arguments|;|,|\(|\)|\{|\})$/u;
const namesOwn = /^(?:identifier|shorthand_property_identifier_pattern)$/u;
const opaque =
  /^(?:string|string_literal|interpreted_string_literal|regex|number|integer|float|integer_literal|char_literal)$/u;
/** Nodes that only hold another: braces around one statement, parentheses around one expression. */
const transparent =
  /^(?:parenthesized_expression|statement_block|block|expression_statement|else_clause|export_statement|module|program|source_file|typed_parameter)$/u;
const flipped: Readonly<Record<string, string>> = { ">": "<", ">=": "<=" };
const commutative = new Set(["+", "*", "==", "===", "!=", "!==", "&", "|", "^"]);

function normaliseTree(root: Node): string[] {
  const names = new Map<string, string>();
  const declared = findDeclared(root);
  const nodes: string[] = [];
  const visit = (node: Node, depth: number): void => {
    if (skipped.test(node.type) || isDocstring(node) || isTypeNotation(node)) return;
    if (transparent.test(node.type)) {
      for (const child of node.children) if (child !== null) visit(child, depth);
    } else if (opaque.test(node.type)) nodes.push(`${depth} ${node.text.replace(/^['"]|['"]$/gu, '"')}`);
    else if (namesOwn.test(node.type)) nodes.push(`${depth} ${nameOf(node, names, declared)}`);
    else if (node.childCount === 0) nodes.push(`${depth} ${node.text}`);
    else {
      nodes.push(`${depth} ${typeOf(node)}`);
      for (const [child, deeper] of orderedChildren(node, names, declared)) {
        if (typeof child === "string") nodes.push(`${depth + deeper} ${child}`);
        else visit(child, depth + deeper);
      }
    }
  };
  visit(root, 0);
  return nodes;
}

/** One name for what is said in two ways. */
function typeOf(node: Node): string {
  return node.type
    .replace(/^augmented_assignment(?:_expression)?$/u, "assignment")
    .replace(/^binary_(?:operator|expression)$/u, "binary");
}

/** A part of a node, and how far below the node it stands. */
type Part = readonly [part: Node | string, depth: number];

/** `a > b` as `b < a`, `x += 1` as `x = x + 1`, and the terms of a commutative operation in one order. */
function orderedChildren(node: Node, names: Map<string, string>, declared: ReadonlySet<string>): Part[] {
  const children = node.children.filter((child): child is Node => child !== null);
  if (children.length !== 3) return children.map((child) => [child, 1]);
  const [left, operator, right] = children as [Node, Node, Node];
  const order = (symbol: string, depth: number): Part[] => {
    const isPlain = (part: Node) => namesOwn.test(part.type) || part.type === "integer" || part.type === "number";
    const isTurned =
      commutative.has(symbol) &&
      isPlain(left) &&
      isPlain(right) &&
      nameOf(left, names, declared) > nameOf(right, names, declared);
    const [first, second] = isTurned || flipped[symbol] !== undefined ? [right, left] : [left, right];
    return [
      [first, depth],
      [flipped[symbol] ?? symbol, depth],
      [second, depth],
    ];
  };
  if (/^augmented_assignment/u.test(node.type) && /^[+\-*/%]=$/u.test(operator.type)) {
    return [[left, 1], ["=", 1], ["binary", 1], ...order(operator.type.slice(0, 1), 2)];
  }
  if (/^binary_|^comparison_operator$/u.test(node.type)) return order(operator.text, 1);
  return children.map((child) => [child, 1]);
}

/** Names that the code itself declares become v0, v1, ... by appearance; others (`len`, `fetch`) are what they are. */
function nameOf(node: Node, names: Map<string, string>, declared: ReadonlySet<string>): string {
  const { text } = node;
  if (!declared.has(text)) return text;
  if (!names.has(text)) names.set(text, `v${names.size}`);
  return names.get(text)!;
}

const declaring =
  /param|declarator|assignment|for_|_clause|pattern|let_|closure|comprehension|lambda|arrow_function|range_clause|as_pattern|short_var/u;

function findDeclared(root: Node): Set<string> {
  const declared = new Set<string>();
  const visit = (node: Node, inTarget: boolean): void => {
    if (inTarget && /identifier(?:_pattern)?$/u.test(node.type) && !/property|field|type/u.test(node.type))
      declared.add(node.text);
    node.children.forEach((child, index) => {
      if (child === null) return;
      const isTarget =
        declaring.test(node.type) &&
        (index === 0 || /param|pattern|closure|lambda|for_|_clause|declarator|let_/u.test(node.type)) &&
        !isValue(node, child);
      visit(
        child,
        (inTarget || isTarget) &&
          !/^(?:call|call_expression|attribute|member_expression|subscript|subscript_expression|block|statement_block)/u.test(
            child.type,
          ),
      );
    });
  };
  visit(root, false);
  return declared;
}

/** The part of a declaration that is read rather than written. */
function isValue(node: Node, child: Node): boolean {
  return ["value", "right", "condition", "body", "iterable"].some(
    (field) => node.childForFieldName(field)?.id === child.id,
  );
}

function isDocstring(node: Node): boolean {
  return node.type === "expression_statement" && node.namedChildCount === 1 && node.firstNamedChild?.type === "string";
}

/** The type that is written beside a parameter or a result, with its colon or arrow. */
function isTypeNotation(node: Node): boolean {
  const { parent } = node;
  if (parent === null) return false;
  if (node.type === "->" || parent.childForFieldName("return_type")?.id === node.id) return true;
  return parent.type === "typed_parameter" && (node.type === "type" || node.type === ":");
}
