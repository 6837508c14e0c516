import { measureCoverage } from "../../../../capture/propose/measure-coverage.js";
import type { Pair } from "../../../../records/pair.js";
import { formatShare } from "../../../terminal/summarize-result.js";
import { errorColours } from "../../../terminal/terminal-colours.js";

/** How a pair is shown. */
export interface PairView {
  /** Which of how many. */
  readonly at?: number;
  readonly of?: number;
  /** All of both texts, however long. */
  readonly whole?: boolean;
  readonly rows?: number;
}

/** Words that are named one by one. */
const mostNamed = 12;

/** A pair as a person judges it: both texts, what was saved, and which must-keep words are gone. */
export function drawPair(pair: Pair, { at, of, whole = false, rows = 40 }: PairView = {}): string {
  const { id, source, tokens, verbose, compressed, provenance } = pair;
  const colours = errorColours();
  const { share, missing } = measureCoverage(verbose, compressed);
  const place = at === undefined ? "" : `${at} of ${of}  `;
  const lost = missing.slice(0, mostNamed).map(showControls).join(", ");
  const more = missing.length > mostNamed ? `, and ${missing.length - mostNamed} more` : "";
  const lines = whole ? Number.POSITIVE_INFINITY : Math.max(4, Math.floor((rows - 8) / 2));
  return [
    "",
    colours.bold(`${place}${id}  ${source}${provenance?.model === undefined ? "" : `  by ${provenance.model}`}`),
    `${tokens.verbose} -> ${tokens.compressed} tokens (${formatShare(tokens.compressed / tokens.verbose)}), must-keep words ${formatShare(share)}${lost === "" ? "" : `, without ${lost}${more}`}`,
    colours.dim("── text"),
    ...cutLines(verbose, lines),
    colours.dim("── proposed"),
    ...cutLines(compressed, lines),
    "",
  ].join("\n");
}

function cutLines(text: string, most: number): string[] {
  const lines = showControls(text).split("\n");
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `(${lines.length - most + 1} lines more: m)`];
}

/** A captured text must not steer the terminal that it is shown on. */
function showControls(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (control) =>
    control === "\n" || control === "\t" ? control : `<${control.codePointAt(0)!.toString(16)}>`,
  );
}
