import type { Compressed } from "../compression/use-compression.js";
import { outlineKept } from "../diff/split-source.js";
import { formatChange, formatCount, formatMilliseconds, formatShare } from "../format.js";

const losses: Readonly<Record<string, string>> = {
  none: "nothing lost",
  format: "same data, other notation",
  lossy: "parts left out",
};

/** What came of the text, in figures, and an outline of where something went. */
export function Summary({ compressed: { source, result } }: { compressed: Compressed }) {
  const { original, compressed, exact } = result.tokens;
  return (
    <div class="summary">
      <p class="headline figures">
        <span class="before">{formatCount(original)}</span>
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <span class="hidden"> to </span>
        <span>{formatCount(compressed)}</span>
        <span class="unit">tokens{exact ? "" : ", estimated"}</span>
        <span class="saving">{formatChange(original, compressed)}</span>
      </p>
      <Outline source={source} kept={outlineKept(source.length, result.segments, 160)} />
      <ul class="facts figures">
        <li>{result.kind}</li>
        <li>{losses[result.loss]}</li>
        <li>kept {formatShare(result.rate)}</li>
        <li>{formatMilliseconds(result.timings.total)}</li>
      </ul>
      {result.warnings.length > 0 && (
        <ul class="warnings">
          {result.warnings.map(({ code, message }) => (
            <li key={code}>{message}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The text from its start to its end: dark where it stays. */
function Outline({ kept, source }: { kept: readonly number[]; source: string }) {
  return (
    <svg
      class="outline"
      viewBox={`0 0 ${kept.length} 1`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      {source !== "" &&
        kept.map((share, at) => (
          <rect key={at} x={at} y="0" width="1.02" height="1" fill-opacity={0.08 + 0.92 * share} />
        ))}
    </svg>
  );
}
