import type { ComparisonState } from "../comparison/comparison-state.js";
import { formatShare } from "../format.js";
import type { QualityFigures } from "../service/types.js";

const measures: readonly { name: keyof QualityFigures; label: string; says: string }[] = [
  { name: "cosine_similarity", label: "Same words", says: "how alike the answers' words are" },
  {
    name: "information_retained",
    label: "Information",
    says: "numbers, names and quotes of the first that the second has",
  },
  { name: "structure_kept", label: "Structure", says: "headings, items and code that the second has too" },
];

/** How alike the two answers are. */
export function QualityCard({ state, quality }: { state: ComparisonState; quality: QualityFigures }) {
  return (
    <section class="panel quality" aria-labelledby="quality-title">
      <div class="score">
        <h3 id="quality-title">Likeness of the answers</h3>
        <p class="headline figures">
          {Math.round(quality.score * 100)}
          <span class="unit">of 100</span>
        </p>
        <p class="quiet score-note">Counted from words: a first look, no verdict.</p>
      </div>
      <dl class="measures figures">
        {measures.map(({ name, label, says }) => (
          <div key={name}>
            <dt>
              {label} <span class="quiet measure-says">{says}</span>
            </dt>
            <dd>
              <span class="bar" aria-hidden="true">
                <i style={{ width: `${Math.round(quality[name] * 100)}%` }} />
              </span>
              {formatShare(quality[name])}
            </dd>
          </div>
        ))}
      </dl>
      {(state.guard || (state.aliases && state.aliases.aliases > 0)) && (
        <div class="remarks">
          {state.guard && <p>{state.guard}</p>}
          {state.aliases && state.aliases.aliases > 0 && <p class="quiet">{describeAliases(state.aliases)}</p>}
        </div>
      )}
    </section>
  );
}

function describeAliases({ aliases, used }: { aliases: number; used: number }): string {
  const stand = aliases === 1 ? "One alias stands in the prompt" : `${aliases} aliases stand in the prompt`;
  if (used === 0) return `${stand}; the answer used none.`;
  return `${stand}; the answer used them ${used === 1 ? "once" : `${used} times`}, restored as it came.`;
}
