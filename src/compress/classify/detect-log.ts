import type { LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

/** A time stamp at the start of a line, after at most a bracket or a short first field. */
const startsWithTime =
  /^(?:[^\sA-Za-z]{0,3}|\S{1,60} |[-*\w.]+(?:\[\d+\])?: |[\w.-]{1,40} +\| )(?:\d{4}[-/.]\d\d[-/.]\d\d[T _-]\d\d[:.]\d\d|\d{4}\/\d\d\/\d\d \d\d:|\d\d?[-/]\d\d?(?:[-/]\d{2,4})?[ T]\d\d:\d\d:\d\d|\d\d:\d\d:\d\d(?:[.,]\d+)?\b|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d|\d{8}[- ]\d\d?:|\d{6} \d{6} |1[0-9]{9}(?:\.\d+)?\b)/;
/** A time in the first column of CSV; Python's logging has a comma too, but in front of milliseconds alone. */
const tableRow =
  /^(?:"[^"]*"|[^\s,"[]*),(?:"[^"]*"|[^\s,"]*),(?:"[^"]*"|[^,"]*)(?:,|$)|^\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?,(?!\d{3}\b)\S/;
const kernelLine = /^\[ *\d+\.\d{3,6}\] /;
/** A checksum and a size are no time. */
const sizedFile = /^\d+ +\d+ \S+$/;
/** Fields that hold a time, of things that are no log. */
const timedField =
  /^\s*(?:Access|Modify|Change|Birth|Date|Start-Date|End-Date|AuthorDate|CommitDate|Last-Modified|Expires):/;
const accessLine = /^\S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]/;
const startsWithLevel =
  /^\W{0,3}(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE|FINE|Debug|Info|Warn|debug|info)\b[\]|:>) ]/;
/** What tools that keep no log put in front of a complaint. */
const complaint = /^(?:ERROR|WARNING|Error|Warning): /;
const lowLevel = /\b(?:TRACE|DEBUG|INFO|NOTICE|Debug|Info|debug|info)\b/;
const levelWithin =
  /[ [|=:](?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE|debug|info|warn)[\]|: ,]/;
const glogLine = /^[IWEFDV]\d{4} \d\d:\d\d:\d\d|^[DIWEV] [\d-]+ \d\d:\d\d:\d\d|^[IWEFDV] \d{4}-/;
const keyValues = /(?:^| )(?:level|lvl|ts|time|msg|severity|logger)=\S.*? [\w.]+=/;
const systemCall =
  /^(?:\[pid +\d+\] |\d+ +)?(?:\d\d:\d\d:\d\d\S* | *\d+\.\d{6} )?[a-z_0-9]{2,}\(.*(?:\)? += (?:-?\d|0x|\?)|<unfinished)/;
const curlTraffic =
  /^(?:\* +(?:Trying|Connected|[Cc]onnect|Closing|Host|Could|Failed|TLS|SSL|ALPN|Server|Using|Re-using|Mark|Immediate|HTTP|Request|Issue)|[<>{}] \S|[*<>]$|[{}] \[\d+ bytes)/;
const numberedLevel = /^(?:\d+ )?(?:silly|sill|verbose|verb|http|timing|notice|info) \S/;
const toolLevel = /^npm (?:http|verb(?:ose)?|sill(?:y)?|timing|info|notice) |^\[\d+ms\]|^git: \S|^trace: /;
/** Fields of machine logs: an epoch or a long sequence number first, then node names. */
const machineRecord =
  /^(?:- )?\d{4,10} \S+[-.]\S+ \S+[._]\S+ |^- \d{10} \d{4}\.\d\d\.\d\d |^\[\d+:0x[0-9a-f]+\] |^\S+ \S+ \S+ \S+ 1\d{9} \d /;
const importTrace = /^(?:# (?:code object|\/\S+ matches|extension|cleanup|destroy)|import '?[\w.]+'? # )/;

/** Lines that a record may have. */
const longestRecord = 16;
/** The vote from which a line is a record, whatever its message looks like. */
const certain = 3;

/** Log records: what carries a time, a level, or the fields of a known logger. */
export function detectLog(lines: readonly LineView[], board: VoteBoard): void {
  const isLeveled = lines.some(({ text }) => startsWithLevel.test(text) && lowLevel.test(text.slice(0, 12)));
  let lastRecord = -1;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    const weight = !isLeveled && complaint.test(text) ? 0 : weigh(text);
    if (weight >= certain) board.settle(line, line + 1, "log");
    if (weight > 0) board.add(line, "log", weight);
    else if (line > 0 && board.of(line - 1, "log") >= 1) board.add(line, "log", /^\s/.test(text) ? 0.8 : 0.3);
    if (weight < certain) continue;
    // What stands between two records belongs to the first: a stack, a payload, a continuation.
    if (lastRecord !== -1 && line - lastRecord <= longestRecord) {
      for (let within = lastRecord + 1; within < line; within++) board.add(within, "log", 2.6);
    }
    lastRecord = line;
  }
}

function weigh(text: string): number {
  if (glogLine.test(text)) return 3.2;
  if (accessLine.test(text)) return 3.5;
  if (tableRow.test(text) || sizedFile.test(text) || timedField.test(text)) return 0;
  if (kernelLine.test(text)) return 3;
  if (startsWithTime.test(text)) return levelWithin.test(text) ? 3.6 : 3;
  if (startsWithLevel.test(text)) return 2.6;
  if (keyValues.test(text)) return 3;
  if (systemCall.test(text)) return 3;
  if (numberedLevel.test(text) || toolLevel.test(text)) return 2;
  if (machineRecord.test(text)) return 3;
  if (importTrace.test(text)) return 3;
  if (curlTraffic.test(text)) return text.startsWith("*") ? 2.6 : 1.2;
  if (levelWithin.test(text.slice(0, 80))) return 0.8;
  return 0;
}
