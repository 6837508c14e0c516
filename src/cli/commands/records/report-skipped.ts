import type { BrokenLines } from "../../../records/read-pairs.js";
import { reportWarning } from "../../terminal/report-error.js";

/** Names each broken line that is left out on standard error. */
export function reportSkipped(flags: { onBroken: BrokenLines["onBroken"] }): Required<BrokenLines> {
  return { onBroken: flags.onBroken, onSkip: ({ message }) => reportWarning(message) };
}
