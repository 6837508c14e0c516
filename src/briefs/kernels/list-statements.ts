import type { Block, CodeBlock, RowBlock } from "../markdown/blocks.js";
import { splitSentences } from "../text/split-sentences.js";
import { startsImperative } from "../text/starts-imperative.js";
import type { Statement } from "./statement.js";

/** The statements of a brief, in its order. What stands in a list under `Do not:` is written as what it is, a denial. */
export function listStatements(blocks: readonly Block[]): Statement[] {
  let isDenied = false;
  return blocks.flatMap((block, index) => {
    const isItem = block.type === "text" && block.depth > 0;
    if (block.type === "heading") isDenied = deniesList(block.text);
    else if (block.type === "text" && !isItem) isDenied = block.text.endsWith(":") ? deniesList(block.text) : false;
    const statements = listOfBlock(block, index);
    return isItem && isDenied ? statements.map(denyStatement) : statements;
  });
}

const denyingLead =
  /^(?:[^\p{L}]*)(?:please )?(?:do not|don['’]?ts?|never|must not|avoid|forbidden|prohibited|not allowed|anti-?patterns?|what not to do|never do)\b[^.!?]{0,40}:?$/iu;

/** Whether a heading or a lead-in says that what follows is not to be done. */
function deniesList(lead: string): boolean {
  return denyingLead.test(lead.trim());
}

function denyStatement(statement: Statement): Statement {
  const { text, place } = statement;
  if (place > 0 || /^(?:do not|don['’]t|never|no|not|avoid|without)\b/iu.test(text)) return statement;
  return {
    ...statement,
    text: startsImperative(text) ? `Do not ${text[0]!.toLowerCase()}${text.slice(1)}` : `No ${text}`,
  };
}

function listOfBlock(block: Block, index: number): Statement[] {
  if (block.type === "heading") {
    const { text, depth: level } = block;
    return text === "" ? [] : [{ form: "heading", text, block: index, place: 0, depth: 0, marker: "", level }];
  }
  if (block.type === "row") return listOfRow(block, index);
  if (block.type === "code") return listOfCode(block, index);
  const { depth, marker, term } = block;
  return joinLead(splitSentences(block.text), term).map((text, place) => ({
    form: "sentence",
    text,
    block: index,
    place,
    depth,
    marker: place === 0 ? marker : "",
    ...(place === 0 && term !== undefined ? { term } : {}),
  }));
}

/** `**Testing.** Run all tests.` is one statement: a term that is a sentence by its full stop alone belongs to the next one. */
function joinLead(sentences: readonly string[], term: string | undefined): string[] {
  const [first, second, ...rest] = sentences;
  if (term === undefined || first === undefined || second === undefined) return [...sentences];
  const isLead = first.replace(/[.:]$/u, "") === term.replace(/[.:]$/u, "") && term.split(/\s+/u).length <= 4;
  return isLead ? [`${first.replace(/[.:]$/u, "")}: ${second}`, ...rest] : [...sentences];
}

/** A row says of its first cell what the others hold; short cells are named by their column, and so are all where a column denies. */
function listOfRow({ header, cells }: RowBlock, block: number): Statement[] {
  const isDenied = header.length <= 3 && header.some((column) => /\b(?:not|never|avoid|don['’]t)\b/iu.test(column));
  const name = (value: string, index: number) => {
    if (value === "" || /^[-—–]$/u.test(value)) return "";
    const column = header[index] ?? "";
    const isNamed = isDenied || (index > 1 && value.split(/\s+/u).length <= 2);
    return isNamed && column !== "" ? `${column} ${value}` : value;
  };
  const [subject = "", ...values] = cells.map(name);
  const text = [subject, values.filter(Boolean).join("; ")].filter(Boolean).join(isDenied ? "; " : ": ");
  return text === "" ? [] : [{ form: "row", text, block, place: 0, depth: 0, marker: "" }];
}

const shells = new Set([
  "sh",
  "bash",
  "shell",
  "zsh",
  "fish",
  "console",
  "shell-session",
  "powershell",
  "cmd",
  "terminal",
]);
const commandStart =
  /^(?:\$ |> )?(?:sudo |[A-Z_]+=\S+ )*(?:npm|npx|pnpm|yarn|bun|node|deno|git|gh|make|cmake|cargo|go|python3?|pip3?|uv|poetry|pytest|docker|kubectl|helm|terraform|brew|apt|apt-get|curl|cd|cp|mv|rm|mkdir|chmod|export|source|bundle|rails|rake|mvn|gradle|\.\/\S+|composer|php|dotnet|swift|ruff|black|tox|nox|hatch|just|task|bazel|ninja|ctest)(?: |$)/u;
const treeLine = /[├└│]|^\s*[─]{2}/u;

function listOfCode({ language, lines, depth }: CodeBlock, block: number): Statement[] {
  const filled = lines.filter((line) => line.trim() !== "");
  const place = { block, depth, marker: "" };
  if (filled.length === 0) return [];
  if (filled.filter((line) => treeLine.test(line)).length >= filled.length / 3) return listOfTree(filled, place);
  const isShell =
    shells.has(language) || (language === "" && filled.every((line) => commandStart.test(line) || /^\s*#/u.test(line)));
  if (isShell && !holdsScript(filled)) return listOfCommands(filled, place);
  return [{ form: "code", text: filled.join("\n"), place: 0, language, ...place }];
}

/** Loops, conditions and here-documents make sense whole only. */
function holdsScript(lines: readonly string[]): boolean {
  return lines.some((line) => /^\s*(?:for|while|if|case|function)\b|<<-?\s*['"]?[A-Z]|^\s*\w+\(\)\s*\{/u.test(line));
}

type Place = Pick<Statement, "block" | "depth" | "marker">;

function listOfCommands(lines: readonly string[], place: Place): Statement[] {
  const found: Statement[] = [];
  let remark: string | undefined;
  let open = "";
  for (const line of lines) {
    const trimmed = line.trim();
    const bare = trimmed.replace(/^(?:\$|>|PS>) /u, "");
    if (open === "" && bare.startsWith("#")) {
      remark = bare.replace(/^#+\s*/u, "");
      continue;
    }
    open += bare;
    if (open.endsWith("\\")) {
      open = `${open.slice(0, -1).trim()} `;
      continue;
    }
    const [, command = open, beside] = /^(.*?\S)\s*#\s+(.*)$/u.exec(open) ?? [];
    const said = beside ?? remark;
    found.push({
      form: "command",
      text: command.trim(),
      place: found.length,
      ...place,
      ...(said ? { remark: said } : {}),
    });
    remark = undefined;
    open = "";
  }
  return found;
}

/** A drawn tree of files: one statement an entry, as deep as it is drawn. */
function listOfTree(lines: readonly string[], place: Place): Statement[] {
  return lines.flatMap((line, index) => {
    const drawn = /^[\s│├└─|`+-]*/u.exec(line)![0];
    const [name = "", ...rest] = line
      .slice(drawn.length)
      .trim()
      .split(/\s{2,}|\s+(?:#|←|—|–|-|\/\/)\s+/u);
    if (name === "") return [];
    const said = rest
      .map((part) => part.replace(/^(?:#|←|—|–|-|\/\/)\s*/u, ""))
      .filter(Boolean)
      .join(" ");
    const depth = Math.floor(drawn.length / 4) + 1;
    const text = said === "" ? name : `${name}: ${said}`;
    return [{ form: "tree" as const, text, place: index, ...place, depth, marker: "-" }];
  });
}
