import { indentOf } from "../text/line-blanks.js";
import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const fileMode = /^\s*(?:\d+\s+\d+\s+)?[-dlcbps][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT][+.@]?\s|^total \d/;
const commitLine = /^[*|\\/ _.-]*[0-9a-f]{7,40} (?:\(|\S)/;
const graphLine = /^[*|\\/ _]*[|*\\/][*|\\/ _]*$/;
const checksum = /^[0-9a-f]{32,128} [ *]\S|^\d{4,10} +\d+ \S*\/\S*$/;
const treeBranch = /^[\s│|]*(?:[├└][─┬ ]|[|`+]-- )/;
const hexColumns = /^\s*(?:[0-9a-f]{4,16}|\d{7}):?\s+(?:[0-9a-f]{2,4} ){3,}/;
const symbolLine = /^(?:[0-9a-f]{8,16}| {8,16}) +(?:[A-Za-z-] |[gl][ \w]|[0-9a-f])/;
const blob = /^\d{6} (?:blob|tree|commit) [0-9a-f]{7,64}/;
const blameLine = /^\^?[0-9a-f]{7,40} (?:\S+ +)?\(.{1,60}\d{4}-\d\d-\d\d.{0,20} +\d+\) ?/;
const packageLine =
  /^[a-z]{2,3}\s{1,2}\S+\s+\S+\s+(?:all|amd64|arm64|i386)|^[a-z0-9.+-]+\/\S+ \S+ \S+(?: \[.*\])?$|^\+\+\+-=|^\|+\/? (?:Name|Status)|^Desired=/;
const statLine = /^ ?\S.{0,200} \| +(?:\d+ ?[+-]*|Bin .*)$|^ ?\d+ files? changed/;
const nameStatus = /^(?:[AMDTUXB]|[RC]\d{3})\t\S|^(?:\d+|-)\t(?:\d+|-)\t\S/;
const commitField = /^(?:commit [0-9a-f]{7,64}|(?:Author|AuthorDate|Commit|CommitDate|Date|Merge):\s)/;
const countFirst = /^\s*[\d.]+[KMGTB]?i?\t\S|^ +\d+(?: +\d+)* \S+$|^ *\d+ total$|^ +\d+\t\S/;
const gitStatus =
  /^(?:On branch |Changes (?:not|to)|Untracked files:|Your branch |\t(?:modified|new file|deleted|renamed):|\t\S+$|\s+\(use "git |nothing (?:added )?to commit)|^[* ] (?:remotes\/)?[\w./-]+(?: -> \S+)?$/;
const headerLine =
  /^(?:[A-Z][A-Z0-9%()_/-]*(?: [A-Z][A-Z0-9()-]*)?(?:\s{2,}|$)){2,}|^\s*(?:PID|USER|UID|Filesystem|NAME|NAMESPACE|REPOSITORY|CONTAINER ID)\b\s+\S+/;
const mapsLine = /^[0-9a-f]{8,16}-[0-9a-f]{8,16} [r-][w-][x-][ps] /;
const optionLine = /^\s{1,8}(?:-\w(?:,? |$)|--[\w-]+)|^\s{1,8}-\w, --/;
const labelled = /^\s*[A-Z][\w ()./,-]{0,40}:(?:\s{2,}\S|\t)/;
const account = /^[\w-]+:[^:\s]*:\d*:\d*:/;
const assigned = /^[A-Z][A-Z0-9_]+=["']/;
const library = /^\t\S+ (?:=> \S+ )?\(0x[0-9a-f]+\)$/;
const mounted = /^\S+ on \/\S* type \S+ \(/;
const interfaceLine = /^\d+: [\w@.-]+: <[A-Z,_-]+>|^\s+(?:link\/|inet6? |valid_lft )|^\S+ (?:via \S+ )?dev \S+/;
const versionTable =
  /^\s+(?:Installed|Candidate|Version table):|^ (?:\*\*\*| {3,})\s*\S+ -?\d+$|^\s+\d+ (?:https?:|\/var)/;
const tabbedField = /^[\w ]+\t+: |^[\w.+:-]+\t[\w.+:~-]+$/;
const statField = /^\s*(?:File|Size|Device|Access|Modify|Change|Birth): \S/;
const namedOption = /^\s+--?[\w-]+(?:[=,].*)?:$/;
const usage = /^[Uu]sage: \S/;
const explained = /^\s{1,10}\S+(?:[ =]\S+)?\s{2,}\S/;
const packageProgress =
  /^(?:Inst|Conf|Remv|Get:\d+|Hit:\d+|Ign:\d+|Fetched|Selecting|Preparing to|Unpacking|Setting up|Processing triggers|Reading (?:package|state|database)|Building dependency|The following .*packages?|\d+ upgraded)\b/;
const described = /^[\w.+@/-]+ - \S/;
const sizedFirst = /^\d+ \d{4}-\d\d-\d\d/;

const label = /^\s*[A-Z][\w ()./,-]{0,40}: +(?=\S)/;
const fewestAligned = 3;

const none: ReadonlySet<number> = new Set();

const shapes: readonly (readonly [RegExp, number])[] = [
  [fileMode, 3.2],
  [blameLine, 4],
  [checksum, 3.2],
  [treeBranch, 3],
  [blob, 3.2],
  [mapsLine, 3.2],
  [hexColumns, 3],
  [statLine, 2.8],
  [nameStatus, 2.8],
  [commitField, 2.6],
  [packageLine, 2.6],
  [commitLine, 2.6],
  [symbolLine, 2],
  [gitStatus, 1.8],
  [library, 2.4],
  [mounted, 2.4],
  [account, 2.6],
  [headerLine, 2],
  [countFirst, 1.8],
  [sizedFirst, 2.4],
  [interfaceLine, 2.6],
  [versionTable, 2.6],
  [tabbedField, 2.2],
  [statField, 3.6],
  [namedOption, 2.4],
  [packageProgress, 2.6],
  [described, 2.3],
  [usage, 2.4],
  [explained, 0.7],
  [optionLine, 1.3],
  [labelled, 1.5],
  [assigned, 0.4],
  [graphLine, 1.2],
];

/** What command-line tools print one record a line: by the known shapes of records, and by columns that line up. */
export function detectListing(lines: readonly LineView[], board: VoteBoard): void {
  const valueColumns = countValueColumns(lines);
  let inCommit = false;
  let afterOption = false;
  let above = none;
  for (const [line, { text, neutral }] of lines.entries()) {
    // A record of a log, or a match, is known already.
    if (neutral || board.isSettled(line)) continue;
    const shape = shapes.find(([pattern]) => pattern.test(text));
    if (shape !== undefined) board.add(line, "listing", shape[1]);
    if ((valueColumns.get(label.exec(text)?.[0].length ?? -1) ?? 0) >= fewestAligned) board.add(line, "listing", 0.4);
    if (commitField.test(text)) inCommit = true;
    else if (inCommit && text.startsWith("    ")) board.add(line, "listing", 2.4);
    else if (shape === undefined) inCommit = false;
    if (afterOption && shape === undefined && indentOf(text) > 0) board.add(line, "listing", 0.8);
    else afterOption = shape?.[0] === namedOption || shape?.[0] === optionLine;
    const columns = board.strongestBut(line) < 2 ? columnStarts(text) : none;
    const shared = countShared(columns, above);
    if (shared >= 1) {
      const weight = shared >= 2 ? 1.7 : 0.8;
      board.add(line, "listing", weight);
      if (line > 0 && !lines[line - 1]!.neutral) board.add(line - 1, "listing", weight / 2);
    }
    above = columns;
  }
}

/** Report tools align the values behind their labels; settings have one blank. How many lines have each column. */
function countValueColumns(lines: readonly LineView[]): ReadonlyMap<number, number> {
  const columns = new Map<number, number>();
  for (const { text } of lines) {
    const column = label.exec(text)?.[0];
    if (column?.endsWith("  ")) columns.set(column.length, (columns.get(column.length) ?? 0) + 1);
  }
  return columns;
}

/** Where a word starts, or ends in front of one, across at least two blanks. */
function columnStarts(text: string): ReadonlySet<number> {
  const starts = new Set<number>();
  // A quote's or a bullet's blanks are no column.
  const first = /^\s*[>*#-]\s+/.exec(text)?.[0].length ?? indentOf(text);
  let at = text.indexOf("  ", first);
  while (at !== -1) {
    starts.add(-at);
    while (text.charCodeAt(at) === 32) at++;
    starts.add(at);
    const wordEnd = text.indexOf(" ", at);
    // Right-aligned numbers share where they end.
    if (wordEnd !== -1) starts.add(-wordEnd);
    at = text.indexOf("  ", at);
  }
  return starts;
}

function countShared(columns: ReadonlySet<number>, above: ReadonlySet<number>): number {
  let shared = 0;
  for (const column of columns) if (above.has(column)) shared++;
  return shared;
}
