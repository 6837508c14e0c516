import { useState } from "preact/hooks";
import type { Compressed } from "../compression/use-compression.js";
import type { ServiceError } from "../service/ask-service.js";
import { Changes } from "./changes.js";
import { CompressedText } from "./compressed-text.js";
import { Notice } from "./notice.js";
import { Summary } from "./summary.js";

const tabs = [
  { id: "changes", label: "Changes" },
  { id: "compressed", label: "Compressed text" },
] as const;
type Tab = (typeof tabs)[number]["id"];

interface ResultPanelProps {
  readonly compressed: Compressed | undefined;
  readonly error: ServiceError | undefined;
  readonly isBusy: boolean;
}

/** What brevis makes of a sentence at rate 0.5. */
const example = [
  { text: "It is important to note that the", isKept: false },
  { text: " scheduler never starts more than 8 jobs ", isKept: true },
  { text: "at once,", isKept: false },
  { text: " because ", isKept: true },
  { text: "the", isKept: false },
  { text: " database ", isKept: true },
  { text: "on", isKept: false },
  { text: " host db-2 ", isKept: true },
  { text: "does", isKept: false },
  { text: " not accept more than 8 connections.", isKept: true },
];

/** What came of the text: figures, what was left out, and the text itself. */
export function ResultPanel({ compressed, error, isBusy }: ResultPanelProps) {
  const [tab, setTab] = useState<Tab>("changes");
  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const other = tab === "changes" ? "compressed" : "changes";
    setTab(other);
    document.getElementById(`tab-${other}`)?.focus();
  };
  return (
    <section class={`panel result ${isBusy ? "is-busy" : ""}`} aria-label="Result" aria-busy={isBusy}>
      {error && (
        <Notice kind="error" title={error.message}>
          {error.hint}
        </Notice>
      )}
      {compressed === undefined ? (
        <EmptyResult isBusy={isBusy} hasFailed={error !== undefined} />
      ) : (
        <>
          <Summary compressed={compressed} />
          <div class="tabs" role="tablist" aria-label="Views of the result">
            {tabs.map(({ id, label }) => (
              <button
                key={id}
                id={`tab-${id}`}
                type="button"
                role="tab"
                aria-selected={tab === id}
                aria-controls="view"
                tabIndex={tab === id ? 0 : -1}
                onClick={() => setTab(id)}
                onKeyDown={move}
              >
                {label}
              </button>
            ))}
            {tab === "changes" && <span class="key-hint quiet">Hover, or Tab and the arrow keys, for reasons</span>}
          </div>
          <div id="view" role="tabpanel" aria-labelledby={`tab-${tab}`} class="view">
            {tab === "changes" ? <Changes compressed={compressed} /> : <CompressedText result={compressed.result} />}
          </div>
        </>
      )}
    </section>
  );
}

function EmptyResult({ isBusy, hasFailed }: { isBusy: boolean; hasFailed: boolean }) {
  if (isBusy) {
    return (
      <div class="empty">
        <p class="empty-title">Compressing…</p>
        <div class="skeleton" aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </div>
      </div>
    );
  }
  if (hasFailed) return null;
  return (
    <div class="empty">
      <p class="example" aria-hidden="true">
        {example.map(({ text, isKept }) => (isKept ? text : <del key={text}>{text}</del>))}
      </p>
      <p class="empty-title">Nothing to compress yet</p>
      <p class="quiet">
        The result appears as you type: how many tokens are saved, and which words and lines go. Errors, numbers, names
        and paths stay.
      </p>
    </div>
  );
}
