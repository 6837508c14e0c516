import { useRef } from "preact/hooks";
import { formatCount } from "../format.js";
import { type Sample, samples } from "../samples/sample-texts.js";

interface SourcePanelProps {
  readonly source: string;
  readonly isOver: boolean;
  readonly problem: string | undefined;
  setSource(source: string): void;
  takeFiles(files: readonly File[]): void;
  takeSample(sample: Sample): void;
}

/** The text to compress: typed, pasted, dropped, or opened from files. */
export function SourcePanel({ source, isOver, problem, setSource, takeFiles, takeSample }: SourcePanelProps) {
  const files = useRef<HTMLInputElement>(null);
  return (
    <section class={`panel source ${isOver ? "is-over" : ""}`} aria-labelledby="source-title">
      <div class="panel-head">
        <h2 id="source-title">
          <label for="source">Text</label>
        </h2>
        <span class="quiet figures">{source === "" ? "" : `${formatCount(source.length)} characters`}</span>
        <span class="spacer" />
        <button type="button" class="button" onClick={() => files.current?.click()}>
          Open files…
        </button>
        <button type="button" class="button" disabled={source === ""} onClick={() => setSource("")}>
          Clear
        </button>
        <input
          ref={files}
          class="hidden"
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Files to compress"
          onChange={({ currentTarget }) => {
            takeFiles([...(currentTarget.files ?? [])]);
            currentTarget.value = "";
          }}
        />
      </div>
      <textarea
        id="source"
        class="text"
        spellcheck={false}
        value={source}
        placeholder="Paste, type or drop what you would send to a model: a log, tool output, JSON, code, a document."
        onInput={(event) => setSource(event.currentTarget.value)}
      />
      <div class="panel-foot">
        {problem === undefined ? (
          <p class="samples">
            <span class="quiet">Try</span>
            {samples.map((sample) => (
              <button key={sample.name} type="button" class="link" onClick={() => takeSample(sample)}>
                {sample.name}
              </button>
            ))}
          </p>
        ) : (
          <p role="alert" class="problem">
            {problem}
          </p>
        )}
      </div>
      {isOver && (
        <p class="drop-hint" aria-hidden="true">
          Drop to compress
        </p>
      )}
    </section>
  );
}
