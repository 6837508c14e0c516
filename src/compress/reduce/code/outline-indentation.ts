import { deepestNesting, Outline, type Role } from "./outline.js";

const comment = /^(?:\/\/|\/?\*|#(?!\s*(?:include|define|if|el|end|pragma))|--|;|%|"""|''')/u;
const imported =
  /^(?:import\b|from\s+\S+\s+import\b|use\s|#\s*include\b|package\s|using\s|require\b|(?:const|let|var)\s.{1,200}?=\s*require\()/u;
const signature =
  /^(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub(?:\([a-z]+\))?|unsafe|extern|virtual|inline|override|sealed|partial|open|data)\s+)*(?:class|interface|enum|struct|trait|impl|type|def|fn|func|fun|function|module|namespace|union|record|protocol|sub|proc|macro_rules!)\b/u;
const closer = /^(?:[)\]}]+[;,]?|end|fi|done|esac|#\s*endif.*)$/u;
const clause = /^(?:\}\s*)?(?:else|elif|elsif|catch|except|finally|rescue|ensure)\b/u;

/** Outlines a code by its indentation: a unit a line, which depends on the line before it that is indented less. */
export function outlineIndentation(lines: readonly string[]): Outline {
  const outline = new Outline(lines.length);
  const open: { row: number; indent: number; functions: number }[] = [];
  lines.forEach((line, row) => {
    const text = line.trimStart();
    if (text === "") return;
    const indent = widthOf(line, line.length - text.length);
    const role = roleOf(text.slice(0, 300));
    const continues = role === "closer" || role === "clause";
    while (open.length > 0 && (open.at(-1)!.indent > indent || (!continues && open.at(-1)!.indent === indent)))
      open.pop();
    const parent = open.at(-1);
    const functions = parent?.functions ?? 0;
    outline.begin(row, parent?.row ?? -1, functions === 0 && role === "statement" ? "top" : role, functions);
    const isType =
      role === "signature" && /\b(?:class|interface|enum|struct|trait|impl|module|namespace|union)\b/u.test(text);
    const opens = !continues && role !== "comment" && open.length < deepestNesting;
    if (opens) open.push({ row, indent, functions: functions + (isType ? 0 : 1) });
  });
  return outline;
}

function widthOf(line: string, length: number): number {
  let width = 0;
  for (let at = 0; at < length; at++) width += line.charCodeAt(at) === 9 ? 4 : 1;
  return width;
}

function roleOf(text: string): Role {
  if (closer.test(text)) return "closer";
  if (clause.test(text)) return "clause";
  if (comment.test(text)) return "comment";
  if (imported.test(text)) return "import";
  return signature.test(text) ? "signature" : "statement";
}
