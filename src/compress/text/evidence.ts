import { findOmissionMarkers } from "./omission-marker.js";
import { wordSet } from "./word-set.js";

/**
 * Evidence: lines that never go, decided on the line alone, so that a text and its compressed form agree about them
 * whatever kind either is taken for. Every pattern is searched in linear time: white space at a line's start is never
 * matched across lines, since each of a run of empty lines would look at all the others.
 */

/** Words that speak of errors, as whole words in any case. `required_error` and `onFailure` are names, not reports. */
const evidenceWords =
  /(?<![\p{L}\p{N}_])(?:error|fail|failed|failure|exception|fatal|panic|traceback|assert\w*|segfault|undefined reference|cannot|denied|timed out)(?![\p{L}\p{N}_])/iu;

/**
 * An error named by its type where it is reported: `TypeError: x is not a function`, `Caused by: java.io.IOException`.
 * A type that is only mentioned (`except ValueError:`, `class ParseError extends Error`) is no report: counting every
 * mention would make a third more lines of agents' tool output evidence, nearly all of them source code.
 */
const reportedErrorType =
  /^[ \t]*(?:E[ \t]+|\[?[!✗✘×]\]?[ \t]*|(?:Unhandled|Uncaught|Caused by:|During handling|thrown)[ \t]+)?(?:[\w$]+[.:]{1,2}){0,8}[A-Z]\w*(?:Error|Exception)(?::\s|[ \t]*$|\s\[|\s\()/mu;

/** How tools report that they ended, and how. */
const summaryPatterns: readonly RegExp[] = [
  /\bexit(?:ed)?(?:[ \t]+(?:with|code|status|value)){1,3}[ \t]*[:=]?[ \t]*-?\d/iu,
  /\bexit[_ ]?(?:code|status)["']?[ \t]*[:=][ \t]*-?\d|\breturncode[ \t]*[:=][ \t]*-?\d/iu,
  /\b(?:process finished|core dumped|build (?:success(?:ful)?|fail\w*|succeeded)|test result:|npm err!)/iu,
  /^[ \t]*(?:make|gmake|ninja)(?:\[\d+\])?: \*\*\*/mu,
  /\b\d+ (?:\w+ ){0,2}(?:errors?|failures?|failed|failing|passed|passing|problems?|warnings?(?: \w+)?(?: generated| emitted)?)\b(?!\.\w)/iu,
  /\b(?:errors?|failures|failed|failing|passed|passing|skipped|warnings)[ \t]*[:=][ \t]*\d/iu,
  /^[ \t]*(?:tests?|test suites|test files|suites|snapshots|specs)(?:[ \t]*[:=])?[ \t]+.{0,40}\b(?:passed|failed|total|skipped|todo)\b/imu,
  /^[ \t]*(?:#|ℹ)\s(?:tests|pass|fail|suites|cancelled|skipped)[ \t]+\d/imu,
  /^[ \t]*(?:Ran|Found|Finished|Compiled|Executed)[ \t]+\d.{0,60}$/imu,
  /^[ \t]*(?:OK|FAILED|PASSED|SUCCESS)\b[ \t]*(?:\(|$|!)/mu,
  /^[ \t]*(?:✖|✗|✘|×)\s/mu,
  /^[ \t]*not ok[ \t]+\d/mu,
];

/** A cheap necessary condition for any summary pattern: most lines stop here. */
const summaryHint =
  /exit|returncode|finished|dumped|build|result:|npm err|\*\*\*|error|fail|pass|problem|warning|tests?\b|suites|total|skipped|ran |found|compiled|executed|success|ok\b|cancelled|[✖✗✘×]/iu;

/** Whether a unit (a line, a record, a frame) holds evidence by the built-in rules. */
export function holdsEvidence(unit: string): boolean {
  if (evidenceWords.test(unit)) return true;
  if (reportedErrorType.test(unit)) return true;
  if (summaryHint.test(unit) && summaryPatterns.some((pattern) => pattern.test(unit))) return true;
  return findOmissionMarkers(unit).length > 0;
}

const evidenceTerms = wordSet(
  "error errors fail failed failure failures exception fatal panic traceback segfault cannot denied",
);

/** Whether a lower-cased word is evidence by itself: it stays where words are chosen one by one. */
export function isEvidenceWord(word: string): boolean {
  return evidenceTerms.has(word) || (word.startsWith("assert") && /^assert\w*$/u.test(word));
}
