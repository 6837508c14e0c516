import { useState } from "preact/hooks";
import type { Compression } from "../service/types.js";

const shownCharacters = 200_000;

/** What the model would get. */
export function CompressedText({ result: { text } }: { result: Compression }) {
  const [wasCopied, setCopied] = useState(false);
  const parts = text.slice(0, shownCharacters).split(/(\[…\d+ [a-z]+(?: #\d+)?\]|§\d+)/gu);
  return (
    <div class="changes-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus */}
      <section class="text changes compressed-text" tabIndex={0} aria-label="The compressed text">
        {parts.map((part, at) =>
          at % 2 === 0 ? (
            part
          ) : (
            <span key={at} class="marker">
              {part}
            </span>
          ),
        )}
        {text.length > shownCharacters && "\n…"}
      </section>
      {navigator.clipboard !== undefined && (
        <button
          type="button"
          class="button copy"
          onClick={async () => {
            await navigator.clipboard.writeText(text);
            setCopied(true);
            setTimeout(() => setCopied(false), 1500);
          }}
        >
          {wasCopied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}
