/**
 * States in which tools list what does not run as it should: of pods and nodes, containers, services, jobs, hosts. They are no evidence, for most
 * lines that hold such a word in other text are not about trouble; among the rows of one list they are what is looked for. Words alone:
 * `down.ts` is a file.
 */
const troubledState =
  /(?<![^\s(,:|"])(?:warning|critical|unhealthy|degraded|down|stopped|exited|inactive|dead|pending|evicted|terminating|unknown|unreachable|offline|orphan(?:ed)?|expired|blocked|stale|(?:oom)?killed|insufficient|not[ -]?ready|(?:\p{Lu}\p{L}*)?(?:BackOff|NotReady|Failed\p{L}*|Unhealthy|Err\p{L}*))(?![^\s),;:|"])/u;

/** The same words as columns have them: `Exited (137)`, `CrashLoopBackOff`, `DOWN`. */
export function speaksOfTrouble(row: string): boolean {
  return troubledState.test(row) || troubledState.test(row.toLowerCase());
}
