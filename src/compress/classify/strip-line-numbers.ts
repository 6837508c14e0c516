import type { LineView } from "./read-lines.js";

/** A number in front of a line as tools print it: `cat -n` and `nl` (tab), `12:`, `12|`, `   12→`. */
const numbered = /^( *)(\d{1,7})(\t|→|: ?| ?\| ?|$)(.*)$/su;

const shortestRun = 4;

interface Numbered {
  readonly line: number;
  readonly number: number;
  readonly separator: string;
  readonly width: number;
  readonly rest: string;
}

/** Takes printed line numbers out of `text` of every run of lines that are counted up one by one. */
export function stripLineNumbers(lines: readonly LineView[]): void {
  let run: Numbered[] = [];
  const closeRun = () => {
    if (isLineNumbering(run))
      for (const { line, rest } of run)
        Object.assign(lines[line]!, { text: rest, isNumbered: true, neutral: rest === "" });
    run = [];
  };
  for (const [line, view] of lines.entries()) {
    if (view.neutral) continue;
    const found = readNumber(view.raw, line);
    const last = run.at(-1);
    // The blanks behind the number of an empty line are cut off.
    if (found?.separator === "") {
      if (last !== undefined && found.number === last.number + 1) run.push({ ...found, separator: last.separator });
      else closeRun();
      continue;
    }
    if (found === undefined || (last !== undefined && !continues(last, found, lines))) closeRun();
    if (found !== undefined) run.push(found);
  }
  closeRun();
}

function readNumber(raw: string, line: number): Numbered | undefined {
  const match = numbered.exec(raw);
  if (match === null) return undefined;
  const [, blanks, digits, separator, rest] = match;
  return {
    line,
    number: Number(digits),
    separator: separator === "" ? "" : separator!.trim() || "\t",
    width: blanks!.length + digits!.length,
    rest: rest!,
  };
}

function continues(last: Numbered, next: Numbered, lines: readonly LineView[]): boolean {
  if (last.separator !== next.separator) return false;
  if (next.number === last.number + 1) return true;
  // Where our own marker stands for dropped lines, the count may jump.
  return next.number > last.number && lines[next.line - 1]!.neutral && lines[next.line - 1]!.raw !== "";
}

function isLineNumbering(run: readonly Numbered[]): boolean {
  if (run.length < shortestRun) return false;
  const { separator } = run[0]!;
  if (separator === "→") return true;
  // A table's first column may count up too. Printed numbers are padded, or what they number is indented here and there.
  if (separator === "\t") return isPadded(run) || isIndented(run);
  const repeated = run.filter(({ rest }) => rest.includes(separator)).length;
  return separator === ":" || repeated < run.length * 0.8;
}

const isPadded = (run: readonly Numbered[]) => run.every(({ width }) => width >= 4 && width === run[0]!.width);

const isIndented = (run: readonly Numbered[]) =>
  run.every(({ width, number }) => width === String(number).length) &&
  run.filter(({ rest }) => /^[ \t]|^$/u.test(rest)).length > run.length * 0.2;
