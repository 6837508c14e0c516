import { type Command, InvalidArgumentError, Option } from "commander";
import { positiveNumber, wholeNumber } from "../../parse-number.js";

/** Everything that `brevis evaluate ab` takes. */
export interface AbFlags {
  experiment?: string;
  control?: string;
  planned?: number;
  confidence: number;
  resamples: number;
  seed: number;
  onBroken: "skip" | "fatal";
  json?: boolean;
}

const details = `
FILES are logs of createCompressor({ variants, experiment: { log } }). Each unit counts once: a difference of shares has Newcombe's interval, one of
numbers a bootstrap's over units. The intervals hold for one look at a number of units that was decided on before (--planned); those "for any time"
hold however often you look.

Examples:
  $ brevis evaluate ab ab.jsonl --planned 2000
  $ brevis evaluate ab logs/*.jsonl --experiment rates --control half --json`;

/** `brevis evaluate ab`. */
export function addAbCommand(evaluate: Command): void {
  evaluate
    .command("ab")
    .description("Compares the variants of an experiment: tokens, outcomes, intervals.")
    .argument("<FILES...>", "logs of an experiment")
    .option("--experiment <NAME>", "which, where the files hold several")
    .option("--control <VARIANT>", "what the others are compared with (default: control, else the first by name)")
    .option("--planned <N>", "the number of units that was decided on before", positiveNumber)
    .option("--confidence <R>", "of the intervals", confidence, 0.95)
    .option("--resamples <N>", "of the bootstrap", positiveNumber, 2000)
    .option("--seed <N>", "of the bootstrap", wholeNumber, 0)
    .addOption(new Option("--on-broken <WHAT>", "lines of something else").choices(["skip", "fatal"]).default("fatal"))
    .option("--json", "print the report as JSON")
    .addHelpText("after", details)
    .action(async (files: string[], _: unknown, command: Command) => {
      const { runAb } = await import("./run-ab.js");
      return runAb(files, command.optsWithGlobals<AbFlags>());
    });
}

function confidence(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0.5 && value < 1) return value;
  throw new InvalidArgumentError("Expected a share from 0.5 and below 1.");
}
