import type { Reporter } from "vitest/node";

/** Ends a run with one plain line for whoever reads the log by machine: `tests: 120 passed, 0 failed, 2 skipped`. */
export const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++;
      // A file that cannot be loaded has no tests to fail.
      if (module.state() === "failed" && [...module.children.allTests("failed")].length === 0) counts.failed++;
    }
    console.log(
      `\ntests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped`,
    );
  },
};
