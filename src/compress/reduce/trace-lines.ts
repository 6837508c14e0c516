/** What a line of a trace, of compiler output or of a test report is. */
export type TraceRole =
  | "summary"
  | "message"
  | "cause"
  | "diagnostic"
  | "detail"
  | "own-frame"
  | "foreign-frame"
  | "passing"
  | "progress"
  | "blank"
  | "other";

const summary =
  /^\W*(?:Ran \d+ tests?\b|Tests?(?: Suites| Files)?:?\s+\d|Test Suites:|# (?:tests|suites|pass|fail|cancelled|skipped|todo)\b|\d+ (?:passing|failing|pending|passed|failed|errors?|warnings?|problems?)\b|test result:|BUILD (?:SUCCESS|FAIL)|make(?:\[\d+\])?: \*\*\*|collect2:|(?:process )?exit(?:ed with)?(?: code| status)\b|OK$|OK \(|FAILED \(|Found \d+ |\[INFO\] BUILD|generated \d+ warnings?)/i;
/** The last line of pytest, framed in `=`. */
const framedSummary = /^=+ [^=]*\b(?:passed|failed|errors?|skipped|no tests ran)\b[^=]*=+$/;
const message =
  /^\s*(?:[\w$.:]+(?:Error|Exception|Panic|Fault|Interrupt|Warning|Exit)\b(?:\s\[\w+\])?(?::|$)|thread '.*' panicked|Uncaught )/;
const cause =
  /^\s*(?:\[?cause\]?:|Caused by:|Suppressed:|During handling of the above|The above exception was|Traceback \(most recent)/i;
const diagnostic =
  /^(?:[^\s:()]+[:(]\d+(?:[:,]\d+)?\)?:?\s+(?:-\s+)?(?:fatal |internal )?(?:error|warning|note|info|hint)\b|(?:error|warning|note|help)(?:\[\w+\])?:|\s+\d+:\d+\s+(?:error|warning)\b)/;
const frame =
  /^\s*(?:at\s+\S|File "[^"]*", line \d+|#\d+\s+0x|#\d+\s+\S+ \(|\d+:\s+(?:0x[\da-f]+ - )?[\w<]|\.\.\. \d+ more|[\w./]+\.go:\d+ \+0x|from \S+:\d+:in )/;
const foreign =
  /node_modules|site-packages|dist-packages|node:|internal\/|<frozen |<anonymous>|\/lib\/python|\/usr\/(?:lib|include|share)\/|\/rustc\/|\/\.cargo\/registry|\bstd::|\bcore::|\bat (?:java|javax|jdk|sun|com\.sun|kotlin|scala|org\.(?:junit|gradle|apache\.maven|springframework|hibernate))\.|\bruntime\.|libc\.so|ld-linux/;
const passing = /^\s*(?:[✓✔√]|ok \d|PASS\b|--- PASS|test \S+ \.\.\. ok|\S+ (?:\(\S+\) )?\.\.\. ok$|.{0,300}\bPASSED\b)/;
const progress =
  /^\s*(?:\[\s*\d+(?:%|\/\d+)\]?|(?:Compiling|Downloading|Downloaded|Checking|Building|Installing|Fetching|Unpacking|Preparing|Selecting|Setting up|Collecting|Resolving|Copying|Linking|Entering|Leaving|gcc|g\+\+|cc|clang|ar|ranlib|javac)\b|make\[\d+\]: (?:Entering|Leaving)|\d+%)/;
const detail = /^\s*(?:\d*\s*\||[\^~]|-->|=\s(?:note|help):|\+|\.\.\.$)|^\s{4,}\S/;

/** Longest part of a line that is looked at. */
const looked = 400;

/** The role of a line, by the conventions of Node, Python, Java, Go, Rust, C compilers, tsc, eslint and test runners. */
export function roleOf(whole: string): TraceRole {
  const line = whole.length > looked ? whole.slice(0, looked) : whole;
  if (line.trim() === "") return "blank";
  if (cause.test(line)) return "cause";
  if (frame.test(line)) return foreign.test(line) ? "foreign-frame" : "own-frame";
  if (summary.test(line) || framedSummary.test(line)) return "summary";
  if (message.test(line)) return "message";
  if (diagnostic.test(line)) return "diagnostic";
  if (passing.test(line)) return "passing";
  if (progress.test(line)) return "progress";
  return detail.test(line) ? "detail" : "other";
}

const code = /\[-?W?[\w+=-]+\]|\b[A-Z]{1,6}\d{2,6}\b|(?<=(?:warning|error)\[)\w+/;

/**
 * What kind of diagnostic a line is: its code, or its last word, where linters print the rule. A hundred of one kind
 * are not to hide one of another.
 */
export function codeOfDiagnostic(line: string): string {
  return code.exec(line.slice(0, looked))?.[0] ?? line.slice(line.lastIndexOf(" ") + 1);
}
