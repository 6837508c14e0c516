import type { TextRules } from "../../text/text-rules.js";
import { findTellingRecords } from "../records/find-telling-records.js";
import { spreadRank } from "../records/spread-rank.js";
import { type JsonTree, valueKind } from "./parse-json.js";
import { type JsonTable, type ObjectShape, planTable, writeHeader, writeRow } from "./plan-table.js";
import { readFields } from "./read-fields.js";
import { childrenOf, closingOf, openingOf, writeCompact, writeKey } from "./write-compact.js";

/** How the children of a container are written. */
export type Layout = "members" | "elements" | "rows";

/** What becomes one unit: a whole value (or a few small ones), or the opening of a container whose children follow. */
export interface Entry {
  readonly start: number;
  /** Index of the container's entry, -1 for values of the text itself. */
  readonly parent: number;
  readonly text: string;
  /** Values that the entry stands for when it goes. */
  readonly count: number;
  readonly priority: number;
  /** Of a container: how its children and its end are written, and the entry after its last descendant. */
  readonly opens?: { readonly layout: Layout; readonly closing: string };
  last: number;
}

/** The entries of a text, and how its values follow each other: `header` where they are rows of a table. */
export interface EntryPlan {
  readonly entries: Entry[];
  readonly header: string | undefined;
}

/** Containers below this depth are whole units, so that no unit has a long chain of parents. */
const deepestOpen = 32;
/** Compact length, in UTF-16 units, from which the members of a value are units of their own. */
const openFrom = { member: 80, record: 600 } as const;
/** Small array items share a unit up to this length. */
const groupLength = 32;
/** Compact length of a block of short list items. */
const blockLength = 160;
/** From this many children a container is thinned as a list. */
const listFrom = 7;
const topPriority = 8;

/** Cuts what was read of a text into entries, and decides which lists of records are written as tables. */
export function planEntries(tree: JsonTree, count: (text: string) => number, rules: TextRules): EntryPlan {
  const entries: Entry[] = [];
  const planner = { tree, count, rules, entries };
  const children = childrenOf(tree, -1);
  const table = planWorthwhileTable(planner, children);
  planChildren(planner, { children, table, parent: -1, layout: "rows", depth: 0, cap: topPriority });
  return { entries, header: table && `${writeHeader(table.shape)}:` };
}

interface Planner {
  readonly tree: JsonTree;
  readonly count: (text: string) => number;
  readonly rules: TextRules;
  readonly entries: Entry[];
}

interface Container {
  readonly children: readonly number[];
  readonly table: JsonTable | undefined;
  readonly parent: number;
  readonly layout: Layout;
  readonly depth: number;
  /** Highest priority that a descendant may have: its container's. */
  readonly cap: number;
}

function planChildren(planner: Planner, container: Container): void {
  const { tree, entries } = planner;
  const { children, table, parent, layout, depth } = container;
  const rank = rankChildren(planner, container);
  const openLength = isRecordList(tree, container) ? openFrom.record : openFrom.member;
  for (let at = 0; at < children.length; at++) {
    const child = children[at]!;
    const start = tree.keyStart[child] === -1 ? tree.start[child]! : tree.keyStart[child]!;
    const isRow = table?.rows.has(child) ?? false;
    if (!isRow && isContainer(tree, child) && tree.compactLength[child]! > openLength && depth < deepestOpen) {
      openContainer(planner, container, child, rank(at, at + 1));
      continue;
    }
    const first = at;
    let text = isRow ? writeTableRow(tree, child, table!.shape) : writeCompact(tree, child, true);
    while (layout === "elements" && isSmall(tree, child) && at + 1 < children.length) {
      const next = children[at + 1]!;
      if (!isSmall(tree, next) || text.length >= groupLength) break;
      text += `,${writeCompact(tree, next, false)}`;
      at++;
    }
    const priority = rank(first, at + 1);
    entries.push({ start, parent, text, count: at + 1 - first, priority, last: entries.length });
  }
}

function openContainer(planner: Planner, { parent, depth }: Container, node: number, priority: number) {
  const { tree, entries } = planner;
  const children = childrenOf(tree, node);
  const isArray = tree.kind[node] === valueKind.array;
  const table = planWorthwhileTable(planner, children);
  const layout = table !== undefined ? "rows" : isArray ? "elements" : "members";
  const entry: Entry = {
    start: tree.keyStart[node] === -1 ? tree.start[node]! : tree.keyStart[node]!,
    parent,
    text: writeKey(tree, node) + openingOf(tree, node) + (table === undefined ? "" : `${writeHeader(table.shape)}:`),
    count: 1,
    priority,
    opens: { layout, closing: closingOf(tree, node) },
    last: entries.length,
  };
  entries.push(entry);
  const self = entries.length - 1;
  planChildren(planner, { children, table, parent: self, layout, depth: depth + 1, cap: priority });
  entry.last = entries.length - 1;
}

/** A table of the records, if it has fewer tokens than the same records as compact JSON. */
function planWorthwhileTable({ tree, count }: Planner, children: readonly number[]): JsonTable | undefined {
  const length = children.reduce((sum, child) => sum + tree.compactLength[child]!, 0);
  if (children.length < 2 || length / children.length > openFrom.record) return undefined;
  const table = planTable(tree, children);
  if (table === undefined) return undefined;
  let compact = 0;
  let tabular = count(`${writeHeader(table.shape)}:\n`);
  for (const child of children) {
    const whole = count(`${writeCompact(tree, child, true)},`);
    compact += whole;
    tabular += table.rows.has(child) ? count(`${writeTableRow(tree, child, table.shape)}\n`) : whole;
  }
  return tabular < compact ? table : undefined;
}

/** A row on its line; in a map of records its key stands before it. */
function writeTableRow(tree: JsonTree, record: number, shape: ObjectShape): string {
  return writeKey(tree, record) + writeRow(tree, record, shape);
}

/** Gives the rank of the children `from` to `to` of a container. */
function rankChildren({ tree, rules }: Planner, container: Container): (from: number, to: number) => number {
  const { children, depth, cap } = container;
  const isList = children.length >= listFrom;
  const telling = isList ? findTellingRecords(readFields(tree, children), children.length) : undefined;
  const block = blockSize(tree, children);
  return (from, to) => {
    const { source, start, end } = tree;
    const text = source.slice(start[children[from]!], end[children[to - 1]!]);
    let priority = 5 - 0.3 * Math.min(depth, 6);
    if (telling !== undefined) {
      const isEnd = from === 0 || to === children.length;
      if (!isEnd && !telling.subarray(from, to).includes(1)) priority -= 3 - spreadRank(Math.floor(from / block));
    }
    if (!isContainer(tree, children[from]!)) priority -= lengthPenalty(text.length);
    return Math.min(cap, priority + 4 * rules.queryRelevance(text.slice(0, 4096)));
  };
}

/** Short items are thinned in blocks of so many, since each gap costs a marker. */
function blockSize(tree: JsonTree, children: readonly number[]): number {
  const length = children.reduce((sum, child) => sum + tree.compactLength[child]! + 1, 0);
  return Math.min(16, Math.ceil((blockLength * children.length) / Math.max(1, length)));
}

function lengthPenalty(length: number): number {
  return length > 2000 ? 3 : length > 400 ? 2 : length > 160 ? 1 : 0;
}

function isContainer(tree: JsonTree, node: number): boolean {
  return tree.kind[node]! < valueKind.string;
}

function isSmall(tree: JsonTree, node: number): boolean {
  return tree.kind[node] !== valueKind.object && tree.compactLength[node]! < groupLength;
}

/** Whether the children are records of one list, or of one map: each is then a unit unless it is long. */
function isRecordList(tree: JsonTree, { children, layout }: Container): boolean {
  if (children.length < 2) return false;
  if (layout !== "members") return true;
  return children.length >= listFrom && children.every((child) => isContainer(tree, child));
}
