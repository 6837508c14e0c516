import type { SideState } from "../comparison/comparison-state.js";
import { formatChange, formatCost, formatCount, formatMilliseconds } from "../format.js";
import type { AnswerFigures } from "../service/types.js";
import { Notice } from "./notice.js";

interface AnswerSideProps {
  readonly id: string;
  readonly title: string;
  readonly side: SideState;
  /** What it is measured against. */
  readonly other?: SideState;
  readonly isRunning: boolean;
}

const rows: readonly {
  label: string;
  read: (figures: AnswerFigures) => number | null;
  format: (value: number) => string;
}[] = [
  { label: "Input", read: (figures) => figures.input_tokens, format: formatCount },
  { label: "Output", read: (figures) => figures.output_tokens, format: formatCount },
  { label: "First word", read: (figures) => figures.first_token_ms, format: formatMilliseconds },
  { label: "Whole answer", read: (figures) => figures.latency_ms, format: formatMilliseconds },
  { label: "Cost", read: (figures) => figures.cost, format: formatCost },
];

/** One answer as it comes, and its figures once it is there. */
export function AnswerSide({ id, title, side: { text, figures, error }, other, isRunning }: AnswerSideProps) {
  const isWaiting = isRunning && figures === undefined && error === undefined;
  return (
    <article class="panel answer" aria-labelledby={`${id}-title`} aria-busy={isWaiting}>
      <div class="panel-head">
        <h3 id={`${id}-title`}>{title}</h3>
        <span class="quiet">{isWaiting ? (text === "" ? "asking…" : "answering…") : figures?.model}</span>
      </div>
      <dl class="metrics figures">
        {rows.map(({ label, read, format }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {shown(figures && read(figures), figures !== undefined, format)}
              <Change before={other?.figures && read(other.figures)} after={figures && read(figures)} />
            </dd>
          </div>
        ))}
      </dl>
      {error ? (
        <Notice kind="error" title={error.message}>
          {error.hint}
        </Notice>
      ) : (
        <section
          class={`reply ${isWaiting ? "is-coming" : ""}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus
          tabIndex={0}
          aria-label={`Answer to the ${title.toLowerCase()}`}
        >
          {text || (isWaiting ? "" : "The answer is empty.")}
        </section>
      )}
    </article>
  );
}

function shown(value: number | null | undefined, isThere: boolean, format: (value: number) => string): string {
  if (typeof value === "number") return format(value);
  return isThere ? "not known" : "–";
}

function Change({ before, after }: { before: number | null | undefined; after: number | null | undefined }) {
  if (typeof before !== "number" || typeof after !== "number" || before === 0) return null;
  return <span class={`change ${after < before ? "is-less" : ""}`}>{formatChange(before, after)}</span>;
}
