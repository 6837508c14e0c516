import type { Compressed, Contender } from "./contenders/contender.js";
import type { BenchText } from "./data/read-texts.js";
import { type Part, resampledShare } from "./measures/statistics.js";
import type { QualityRow, QualitySetting } from "./quality-case.js";

/** What is counted in a compressed text: for each name, how much of what was wanted was found. A text that wants nothing counts nothing. */
export type Measure = (text: BenchText, compressed: Compressed) => Readonly<Record<string, Part>>;

export interface Comparison {
  readonly case: string;
  readonly texts: string;
  readonly documents: readonly BenchText[];
  readonly contenders: readonly Contender[];
  readonly rates: readonly number[];
  readonly measure: Measure;
  /** The rate at which the figures are given group by group too; those of contenders without a rate always are. */
  readonly groupsAt?: number;
}

/** Runs every contender at every rate over the same texts. */
export async function* measureContenders(
  { documents, contenders, rates, measure, groupsAt, ...names }: Comparison,
  { onText }: Pick<QualitySetting, "onText">,
): AsyncGenerator<QualityRow> {
  if (documents.length === 0) return;
  const grouped: QualityRow[] = [];
  for (const contender of contenders) {
    for (const rate of contender.isFixed ? rates.slice(0, 1) : rates) {
      const outcomes: Outcome[] = [];
      for (const document of documents) {
        const { given, kept, ...compressed } = await contender.compress(document, rate);
        const parts = measure(document, { given, kept, ...compressed });
        outcomes.push({ group: document.group ?? "other", given, kept, parts });
        onText();
      }
      const of = { case: names.case, contender: contender.name, asked: contender.isFixed ? undefined : rate };
      yield* sumUp({ ...of, texts: names.texts }, outcomes);
      if (groupsAt === undefined || (rate !== groupsAt && !contender.isFixed)) continue;
      for (const texts of new Set(outcomes.map(({ group }) => group))) {
        const ofGroup = outcomes.filter(({ group }) => group === texts);
        grouped.push(...sumUp({ ...of, texts }, ofGroup));
      }
    }
  }
  yield* grouped.sort((a, b) => (a.texts < b.texts ? -1 : Number(a.texts > b.texts)));
}

interface Outcome {
  readonly group: string;
  readonly given: number;
  readonly kept: number;
  readonly parts: Readonly<Record<string, Part>>;
}

function* sumUp(
  names: Pick<QualityRow, "case" | "texts" | "contender" | "asked">,
  outcomes: readonly Outcome[],
): Iterable<QualityRow> {
  const sumOf = (part: "given" | "kept") => outcomes.reduce((sum, outcome) => sum + outcome[part], 0);
  const kept = sumOf("kept") / sumOf("given");
  for (const measure of new Set(outcomes.flatMap(({ parts }) => Object.keys(parts)))) {
    const found = outcomes.map(({ parts }): Part => parts[measure] ?? [0, 0]).filter(([, wanted]) => wanted > 0);
    if (found.length === 0) continue;
    const wanted = found.reduce((sum, part) => sum + part[1], 0);
    yield { ...names, kept, measure, ...resampledShare(found), documents: found.length, wanted };
  }
}
