import { collapsePadding } from "./lines/collapse-padding.js";
import { reduceByLines } from "./lines/reduce-by-lines.js";
import { spreadEvenly } from "./lines/spread-evenly.js";
import type { Reducer } from "./reduce-structure.js";
import { codeOfDiagnostic, roleOf, type TraceRole } from "./trace-lines.js";

const priorityOf: Readonly<Record<TraceRole, number>> = {
  summary: 20,
  message: 18,
  cause: 16,
  diagnostic: 14,
  "own-frame": 12,
  other: 8,
  detail: 6,
  "foreign-frame": 3,
  passing: 2,
  progress: 1,
  blank: 0,
};

/** Lines of linters whose columns are padded; the carets of compilers say by their place what they mean. */
const padded = /^\s+\d+:\d+\s+(?:error|warning|info)\s/;

const inStack: ReadonlySet<TraceRole> = new Set(["own-frame", "foreign-frame", "detail"]);
const pythonFrame = /^\s*File "/;

/** Source and caret lines of GCC and Clang: a number right-aligned in five columns, or none, and a bar. */
const gutter = /^ {1,6}(?=(?:(?<=^ {1,4})\d+ |(?<=^ {6}))\|)/;

/**
 * Stack traces, compiler and linter output, test reports, build logs. The message, the causes, summaries and the
 * user's own frames stay longest, then diagnostics, spread evenly over their codes; what passed, how far it got and the
 * frames of frameworks go first. The source line and caret under a diagnostic or frame need it.
 */
export const reduceTrace: Reducer = (source, segment, context) =>
  reduceByLines(source, segment, context, {
    noun: "lines",
    layOut: () => (line) => (padded.test(line) ? collapsePadding(line) : line.replace(gutter, "")),
    rank: rankTraceLines,
  });

function rankTraceLines(lines: readonly string[], floor: Uint8Array) {
  const roles = lines.map(roleOf);
  const priorities = Float64Array.from(roles, (role) => priorityOf[role]);
  const parents = new Int32Array(lines.length).fill(-1);
  const floors = Uint8Array.from(roles, (role) => (role === "summary" || role === "message" ? 1 : 0));
  spreadDiagnostics(lines, roles, priorities);
  favourInnermost(lines, roles, priorities);
  let head = -1;
  for (const [at, role] of roles.entries()) {
    if (role === "diagnostic" || role === "own-frame" || role === "foreign-frame") head = at;
    else if (role !== "detail") head = -1;
    else if (head !== -1 && !floor[at]) {
      parents[at] = head;
      priorities[at] = priorities[head]! - 0.5;
    }
  }
  return { priorities, parents, floors };
}

/** Of the user's frames in one stack, the ones next to the fault: Python prints them last, everyone else first. */
function favourInnermost(lines: readonly string[], roles: readonly TraceRole[], priorities: Float64Array): void {
  for (let at = 0; at < lines.length; ) {
    const stack: number[] = [];
    for (; at < lines.length && inStack.has(roles[at]!); at++) if (roles[at] === "own-frame") stack.push(at);
    if (stack.length === 0) at++;
    else if (pythonFrame.test(lines[stack[0]!]!)) stack.reverse();
    for (const [distance, frame] of stack.entries()) priorities[frame]! += 1 / (1 + distance);
  }
}

/** The first diagnostic of each code stays as long as the others' first; further ones fall, spread over the text. */
function spreadDiagnostics(lines: readonly string[], roles: readonly TraceRole[], priorities: Float64Array): void {
  const members = new Map<string, number[]>();
  for (const [at, role] of roles.entries()) {
    if (role !== "diagnostic") continue;
    const code = codeOfDiagnostic(lines[at]!);
    const others = members.get(code);
    if (others === undefined) members.set(code, [at]);
    else others.push(at);
  }
  for (const same of members.values()) {
    const ranks = spreadEvenly(same.length);
    for (const [index, at] of same.entries()) {
      if (ranks[index]! > 0) priorities[at] = priorityOf.other + 4 / (1 + ranks[index]!);
    }
  }
}
