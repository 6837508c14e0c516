import { z } from "zod";
import { findModelWords, type ModelWord } from "../../compress/score/keep-model/find-model-words.js";
import { modelOutputs } from "../../compress/score/keep-model/model-outputs.js";
import type { Pair } from "../../records/pair.js";
import { alignWords } from "./align-words.js";

const stretch = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);
const chance = z.number().min(0).max(1);

/** A record of the keep task as scripts/keep/README.md describes it. Offsets are code points of `text`. */
export const keepRecordSchema = z.object({
  id: z.string().min(1),
  kind: z.enum(["nl", "code", "tool"]),
  split: z.enum(["train", "valid", "dev"]),
  text: z.string().min(1),
  words: z.array(stretch),
  keep: z.array(chance).optional(),
  answer: z.array(chance).optional(),
  lines: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative(), chance, z.number()])).optional(),
  compressed: z.string().optional(),
});
export type KeepRecord = z.infer<typeof keepRecordSchema>;

/** The chance that is wanted of each of a text's stretches. */
export interface TextLabel {
  /** Of the model's outputs, `modelOutputs`. */
  readonly output: number;
  /** `word`: a word outside of all stretches is not wanted. `line`: it is not told. */
  readonly of: "word" | "line";
  /** In order, in UTF-16 code units. */
  readonly stretches: readonly (readonly [start: number, end: number])[];
  readonly chances: readonly number[];
  readonly weight: number;
}

/** A text with what a keep model should say of it. */
export interface LabelledText {
  readonly text: string;
  /** As the model's tokenizer names kinds. */
  readonly kind: "prose" | "code" | "log";
  /** The share of the text that is to stay, in tenths. */
  readonly tenths: number;
  readonly labels: readonly TextLabel[];
}

/** A line weighs as a few words do. */
const lineWeight = 2;

/** The labels of a pair: the words that its compressed text took, by `kept` where the pair has it, else by alignment. */
export function labelPair({ verbose, compressed, domain, kept }: Pair): LabelledText {
  const words = findModelWords(verbose);
  const folded = findModelWords(compressed).map(({ start, end }) => compressed.slice(start, end).toLowerCase());
  const stretches = kept ?? stayed(words, alignWords(verbose, words, folded));
  return {
    text: verbose,
    kind: domain === "code" ? "code" : "prose",
    tenths: tenthsOf(compressed, verbose),
    labels: [{ output: modelOutputs.keep, of: "word", stretches, chances: stretches.map(() => 1), weight: 1 }],
  };
}

function stayed(words: readonly ModelWord[], kept: Uint8Array): (readonly [number, number])[] {
  return words.filter((_, at) => kept[at] === 1).map(({ start, end }) => [start, end] as const);
}

/** The labels of a record of the keep task; none where it has none. */
export function labelRecord(record: KeepRecord): LabelledText {
  const { id, text, kind, words, keep, answer, lines, compressed } = record;
  const unitOf = createUnitMap(text);
  const inUnits = (stretches: readonly (readonly [number, number])[]) =>
    stretches.map(([start, end]) => [unitOf(start), unitOf(end)] as const);
  const labels: TextLabel[] = [];
  for (const [name, chances] of [["keep", keep] as const, ["answer", answer] as const]) {
    if (chances === undefined) continue;
    labels.push({ output: modelOutputs[name], of: "word", stretches: inUnits(words), chances, weight: 1 });
  }
  if (lines !== undefined && lines.length > 0) {
    const stretches = inUnits(lines.map(([start, end]) => [start, end] as const));
    const chances = lines.map(([, , wanted]) => wanted);
    labels.push({ output: modelOutputs.line, of: "line", stretches, chances, weight: lineWeight });
  }
  // Answers and lines are wanted at every rate: texts take one by their names.
  const tenths = compressed === undefined ? 2 + (sumOf(id) % 7) : tenthsOf(compressed, text);
  return { text, kind: kind === "nl" ? "prose" : kind === "tool" ? "log" : "code", tenths, labels };
}

function tenthsOf(compressed: string, text: string): number {
  return Math.min(9, Math.max(1, Math.round((10 * compressed.length) / text.length)));
}

function sumOf(text: string): number {
  let sum = 0;
  for (const char of text) sum += char.codePointAt(0)!;
  return sum;
}

/** From code points to UTF-16 code units. */
function createUnitMap(text: string): (point: number) => number {
  if (!/[\u{10000}-\u{10ffff}]/u.test(text)) return (point) => point;
  const units: number[] = [];
  let unit = 0;
  for (const char of text) {
    units.push(unit);
    unit += char.length;
  }
  units.push(unit);
  return (point) => units[Math.min(point, units.length - 1)]!;
}
