import { type Command, InvalidArgumentError, Option } from "commander";
import { positiveNumber } from "./parse-number.js";

/** Everything that `brevis bench quality` takes. */
export interface BenchQualityFlags {
  data?: string;
  cases?: string[];
  limit?: number;
  rates?: number[];
  engine?: "auto" | "mlx" | "cpu" | "none";
  model?: string;
  alone?: boolean;
  report?: string;
  json?: boolean;
  quiet?: boolean;
}

const details = `
Every figure stands beside the share of the tokens that was kept for it, and its 95 % interval by bootstrap over documents. Texts that weights
were trained on are held out. Beside compress() stand, on the same texts in the same run: the linear and the statistical scorer
without floor and guard, truncation, random choice, and the packages of bench/peers that are installed.

Cases: writers-words, whole-answers, must-keep, evidence, peer-inputs, needed-lines, line-ranking, dense, kept-share, recovery.

Examples:
  $ brevis bench quality
  $ brevis bench quality --data ../shared/data --cases evidence --limit 50
  $ brevis bench quality --rates 0.2 0.4 0.6 0.8 --report quality.html
  $ brevis bench quality --alone --json > quality.json`;

/** `brevis bench quality`. */
export function addBenchQualityCommand(bench: Command): void {
  bench
    .command("quality")
    .summary("what stays of what matters, against baselines and peers")
    .description("Measures what compress() keeps of what writers, questions and later readers need.")
    .option("--data <DIR>", "folder with JSONL files as in data/samples; ../shared/data where it is, by default")
    .option("--cases <NAME...>", "only these")
    .option("--limit <N>", "texts of each source and kind at most", positiveNumber)
    .option("--rates <RATE...>", "shares of the tokens to keep (default: 0.3 0.5 0.7)", listRate)
    .addOption(new Option("--engine <NAME>", "what computes a model's scores").choices(["auto", "mlx", "cpu", "none"]))
    .option("--model <DIR>", "the keep model to score with")
    .option("--alone", "no baselines and no peers")
    .option("--report <FILE>", "write figures and plots to a file of HTML as well")
    .option("--json", "print the figures as JSON")
    .option("-q, --quiet", "print nothing but the figures and errors")
    .addHelpText("after", details)
    .action(async (flags: BenchQualityFlags) => {
      const { runBenchQuality } = await import("./bench/run-bench-quality.js");
      return runBenchQuality(flags);
    });
}

function listRate(text: string, before: number[] = []): number[] {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 1)) throw new InvalidArgumentError("Expected shares above 0 and at most 1.");
  return [...before, rate];
}
