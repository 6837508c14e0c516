import { describe, expect, it } from "vitest";
import { measureQuality } from "../../../src/serve/compare/measure-quality.js";

const answer = `# Cause
- Worker 7 lost its lease at 10:42:03 (\`lease_expired\`).
- Postgres 15.3 refused the write.

\`\`\`sh
kubectl rollout restart deploy/reconciler
\`\`\``;

describe("measureQuality", () => {
  it("is 1 for the same answer, and for two that are empty", () => {
    for (const text of [answer, ""]) {
      expect(measureQuality(text, text)).toEqual({
        cosineSimilarity: 1,
        informationRetained: 1,
        structureKept: 1,
        score: 1,
      });
    }
  });

  it("falls with what is missing, each measure for its own reason", () => {
    const plain = answer.replace(/^#.*\n|^- |^```.*\n?/gmu, "").replaceAll("\n\n", "\n");
    expect(measureQuality(answer, plain).structureKept).toBe(0);
    expect(measureQuality(answer, plain).informationRetained).toBe(1);
    const vague = "# Cause\n- A worker lost its lease.\n- The database refused the write.\n\n```sh\nrestart it\n```";
    expect(measureQuality(answer, vague).structureKept).toBe(1);
    expect(measureQuality(answer, vague).informationRetained).toBeLessThan(0.5);
    const other = measureQuality(answer, "Nothing of the kind happened here, all is well.");
    expect(other.cosineSimilarity).toBeLessThan(0.2);
    expect(other.score).toBeLessThan(measureQuality(answer, vague).score);
    expect(measureQuality(answer, "").score).toBe(0);
    expect(measureQuality('{"a": 1}', '{"b": 1}').structureKept).toBe(1);
    expect(measureQuality('{"a": 1}', "a is 1").structureKept).toBe(0);
  });
});
