import { aliasRepeats } from "./alias/alias-repeats.js";
import type { CompressContext } from "./context.js";
import type { Aliased, ScoredSegment, SelectedSegment, WrittenSegment } from "./draft.js";
import { writeSegments } from "./render/write-segments.js";
import { selectUnits } from "./select/select-units.js";
import { joinTexts } from "./text/join-texts.js";

/** Less than this share of the budget is not worth another round. */
const slack = 0.005;
const spentShares = [0.9, 0.5];

/**
 * Selects, writes and aliases within a budget: what aliases save is spent once more on the next-best units.
 */
export function fillBudget(
  source: string,
  scored: readonly ScoredSegment[],
  budget: number,
  context: CompressContext,
): Aliased {
  const { clock, counter } = context;
  const choose = (aim: number) => clock.time("select", () => selectAndWrite(source, scored, aim, context));
  const alias = (written: readonly WrittenSegment[]) => clock.time("alias", () => aliasRepeats(written, context));
  const tokens = ({ legendLine, segments }: Aliased) => counter.count(legendLine + joinTexts(segments));

  const written = choose(budget);
  if (context.isLate()) return { segments: written, legend: {}, legendLine: "" };
  const first = alias(written);
  if (first.legendLine === "" || written.every(({ omitted }) => omitted.length === 0)) return first;
  const saved = budget - tokens(first);
  // What is chosen on top repeats less than what was there, so that not all that was saved can be spent.
  for (const share of saved > budget * slack ? spentShares : []) {
    if (context.isLate()) break;
    const refilled = alias(choose(budget + saved * share));
    if (tokens(refilled) <= budget) return refilled;
  }
  return first;
}

function selectAndWrite(
  source: string,
  scored: readonly ScoredSegment[],
  budget: number,
  { counter, options }: CompressContext,
): WrittenSegment[] {
  const write = (selection: readonly SelectedSegment[]) => writeSegments(source, selection, options.store);
  return write(selectUnits(scored, budget, (selection) => counter.count(joinTexts(write(selection)))));
}
