import { useEffect, useState } from "preact/hooks";
import type { ComparisonState } from "./comparison/comparison-state.js";
import type { Compressed } from "./compression/use-compression.js";
import { formatCount, formatShare } from "./format.js";

/** What a screen reader is told when something has come: one sentence, never the streams themselves. */
export function useAnnouncement(compressed: Compressed | undefined, { phase, quality }: ComparisonState): string {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (compressed === undefined) return setSpoken("");
    const { original, compressed: after } = compressed.result.tokens;
    setSpoken(`${formatCount(original)} tokens became ${formatCount(after)}.`);
  }, [compressed]);
  useEffect(() => {
    if (phase === "running") setSpoken("Both answers are on their way.");
    if (phase === "failed") setSpoken("The comparison failed.");
    if (phase !== "done") return;
    setSpoken(
      quality === undefined
        ? "The comparison has ended; one of the answers failed."
        : `Both answers are there. Their likeness is ${formatShare(quality.score)}.`,
    );
  }, [phase, quality]);
  return spoken;
}
