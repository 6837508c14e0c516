import type { Compression, Omission, Segment } from "../service/types.js";

/** Why a stretch is not in the compressed text. */
export interface Reason {
  readonly title: string;
  readonly why: string;
  readonly place: string;
}

const singular: Readonly<Record<string, string>> = { matches: "match", entries: "entry", passages: "passage" };
const scorers: Readonly<Record<string, string>> = {
  "keep-model": "the keep model",
  linear: "the linear model",
  statistical: "word statistics",
};

/** @param result what the omission is of; its scorer chose */
export function explainOmission({ start, end, what, count }: Omission, segment: Segment, result: Compression): Reason {
  const unit = count === 1 ? (singular[what] ?? what.replace(/s$/u, "")) : what;
  const length = end - start;
  return {
    title: segment.rewritten ? "Put into other words" : `${count.toLocaleString("en")} ${unit} left out`,
    why: whyOf(what, count, segment, result),
    place: `${segment.kind} · ${length.toLocaleString("en")} ${length === 1 ? "character" : "characters"}`,
  };
}

function whyOf(what: string, count: number, { kind, rewritten }: Segment, { scorer, text }: Compression): string {
  if (rewritten) return "A language model wrote this passage anew.";
  const judge = scorers[scorer];
  const chosen = judge === undefined ? "" : ` by ${judge}`;
  if (what === "words") return `Rated least needed${chosen}; the sentence reads on without.`;
  const marker = text.includes(`[…${count} `) ? " A marker with the count stands in its place." : "";
  return `Rated the least telling part of this ${kind}${chosen}. What speaks of errors never goes.${marker}`;
}
