import { useState } from "preact/hooks";
import type { ComparisonState } from "../comparison/comparison-state.js";
import type { ServiceConfig } from "../service/types.js";
import { Answers } from "./answers.js";
import { Choice } from "./choice.js";

/** What both requests have beside the text. */
export interface Ask {
  readonly model: string;
  readonly question: string;
  readonly system: string;
  /** Whether what answers the question is kept first. */
  readonly isForQuestion: boolean;
  readonly isAdaptive: boolean;
  readonly isShort: boolean;
}

interface AskPanelProps {
  readonly config: ServiceConfig | undefined;
  readonly ask: Ask;
  readonly state: ComparisonState;
  /** Whether the text or a setting changed after they were asked. */
  readonly isStale: boolean;
  readonly canAsk: boolean;
  change(changed: Partial<Ask>): void;
  start(): void;
  stop(): void;
}

/** A question, a model, and both of its answers. */
export function AskPanel({ config, ask, state, isStale, canAsk, change, start, stop }: AskPanelProps) {
  const isRunning = state.phase === "running";
  const hasModel = config?.models.some(({ configured }) => configured) ?? true;
  return (
    <section class="ask" aria-labelledby="ask-title">
      <div class="section-head">
        <h2 id="ask-title">Does the model still answer the same?</h2>
        <p class="quiet">
          The same question goes to the model twice: with the whole text, and with the compressed one.
        </p>
      </div>
      {hasModel ? (
        <form
          class="ask-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (isRunning) stop();
            else if (canAsk) start();
          }}
        >
          <label class="field grow">
            <span class="field-label">Question</span>
            <input
              type="text"
              value={ask.question}
              placeholder="Optional: what to ask about the text"
              onInput={(event) => change({ question: event.currentTarget.value })}
            />
          </label>
          <Choice
            label="Model"
            value={ask.model}
            options={(config?.models ?? []).map(({ model, configured }) => ({
              value: model,
              label: configured ? model : `${model} (no key)`,
              isDisabled: !configured,
            }))}
            onChoose={(model) => change({ model })}
          />
          <button type="submit" class={`button ${isRunning ? "" : "primary"}`} disabled={!isRunning && !canAsk}>
            {isRunning ? "Stop" : "Ask both"}
          </button>
          <AskOptions ask={ask} change={change} />
        </form>
      ) : (
        <NoProvider />
      )}
      <Answers state={state} isStale={isStale} />
    </section>
  );
}

function AskOptions({ ask, change }: Pick<AskPanelProps, "ask" | "change">) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="options" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>More options</summary>
      <div class="options-body">
        <label class="field">
          <span class="field-label">System prompt, never compressed</span>
          <textarea rows={2} value={ask.system} onInput={(event) => change({ system: event.currentTarget.value })} />
        </label>
        <Check
          label="Keep first what answers the question"
          isOn={ask.isForQuestion}
          set={(isForQuestion) => change({ isForQuestion })}
        />
        <Check
          label="Let density and earlier answers move the rate"
          isOn={ask.isAdaptive}
          set={(isAdaptive) => change({ isAdaptive })}
        />
        <Check
          label="Ask the compressed side for a short answer"
          isOn={ask.isShort}
          set={(isShort) => change({ isShort })}
        />
      </div>
    </details>
  );
}

function Check({ label, isOn, set }: { label: string; isOn: boolean; set: (isOn: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => set(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

function NoProvider() {
  return (
    <div class="panel no-provider">
      <h3>No model to ask yet</h3>
      <p>
        Compressing works without one. To compare answers, start the service with a provider's key in its environment,
        or in a file named <code>.env</code> beside it:
      </p>
      <pre>
        <code>ANTHROPIC_API_KEY=… brevis serve</code>
      </pre>
      <p class="quiet">
        <code>OPENAI_API_KEY</code> and <code>GEMINI_API_KEY</code> do as well; a server of your own is named by{" "}
        <code>BREVIS_SERVER_LOCAL_URL</code> and <code>BREVIS_SERVER_LOCAL_MODEL</code>. Keys stay with the service:
        this page never sees them.
      </p>
    </div>
  );
}
