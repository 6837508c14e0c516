import type { ComparisonState } from "../comparison/comparison-state.js";
import { AnswerSide } from "./answer-side.js";
import { Notice } from "./notice.js";
import { QualityCard } from "./quality-card.js";

/** Both answers, beside each other, and how alike they are. */
export function Answers({ state, isStale }: { state: ComparisonState; isStale: boolean }) {
  const { phase, direct, compact, error, quality } = state;
  if (phase === "none") return null;
  const isRunning = phase === "running";
  return (
    <div class="answers">
      {isStale && !isRunning && (
        <Notice kind="note" title="The text or a setting has changed.">
          These answers are of what was there before.
        </Notice>
      )}
      {error && (
        <Notice kind="error" title={error.message}>
          {error.hint}
        </Notice>
      )}
      <div class="sides">
        <AnswerSide id="direct" title="Whole text" side={direct} isRunning={isRunning} />
        <AnswerSide id="compact" title="Compressed text" side={compact} other={direct} isRunning={isRunning} />
      </div>
      {quality && <QualityCard state={state} quality={quality} />}
    </div>
  );
}
