import { matchKernel, readPassage } from "../kernels/match-kernel.js";
import type { Choice } from "./choose-forms.js";
import type { PlannedLine } from "./plan-lines.js";

/** A line that says a kernel as fully as this makes the kernel's own line a repetition. */
const leastCover = 0.9;
/** Every line is compared with every other: longer briefs go without. */
const mostLines = 1500;

/** Leaves out kernels that another chosen line says too; of two that say the same, the later one goes. */
export function dropCovered(lines: readonly PlannedLine[], choice: Choice): Choice {
  const chosen = lines.flatMap(({ kernel, forms, statement }, index) => {
    const form = choice[index]!;
    const isSentence = statement.form === "sentence" || statement.form === "row";
    return kernel !== undefined && form >= 0 && isSentence
      ? [{ index, kernel: readPassage(kernel.text), written: readPassage(forms[form]!.text) }]
      : [];
  });
  if (chosen.length > mostLines) return choice;
  const dropped = new Set<number>();
  for (const line of chosen.toReversed()) {
    const isCovered = chosen.some((other) => {
      if (other === line || dropped.has(other.index) || line.kernel.words.length < 2) return false;
      const { score, reason } = matchKernel(line.kernel, other.written);
      return reason === undefined && score >= leastCover;
    });
    if (isCovered) dropped.add(line.index);
  }
  return choice.map((form, index) => (dropped.has(index) ? -1 : form));
}
