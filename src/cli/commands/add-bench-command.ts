import { type Command, Option } from "commander";
import { addBenchQualityCommand } from "./add-bench-quality-command.js";
import { positiveNumber, wholeNumber } from "./parse-number.js";

/** Everything that `brevis bench latency` takes. */
export interface BenchLatencyFlags {
  sizes: number[];
  calls: number;
  callers: number;
  processes: number;
  rate: number;
  engine?: "auto" | "mlx" | "cpu" | "none";
  model?: string;
  text: "prose" | "tools";
  input?: string[];
  json?: boolean;
  quiet?: boolean;
}

const latencyDetails = `
Each call gets a text that no call before it had. First come the options that compress() has by default, or those that
are named; then, where no engine is named, every engine that is here. Times are milliseconds; memory is what a process
holds after 1,000 calls. Run it on a machine that does nothing else.

Examples:
  $ brevis bench latency
  $ brevis bench latency --sizes 500 2000 --calls 200 --engine cpu
  $ brevis bench latency --input docs/*.md --json > latency.json`;

/** `brevis bench`. */
export function addBenchCommand(program: Command): void {
  const bench = program.command("bench").summary("measure brevis here").description("Measures brevis on this machine.");
  bench
    .command("latency")
    .summary("how long calls take")
    .description("Measures how long calls take: warm with one caller and with many, and in new processes.")
    .option("--sizes <TOKENS...>", "sizes of the texts", listNumber, [64, 250, 500, 1000, 2000, 4000, 8000, 16000])
    .option(
      "--calls <N>",
      "calls on each size up to 2,000 tokens; larger ones get fewer, at least 10",
      positiveNumber,
      100,
    )
    .option("--callers <N>", "calls at a time, where many are measured", positiveNumber, 8)
    .option("--processes <N>", "new processes to start; 0 leaves them out", wholeNumber, 15)
    .option("--rate <R>", "share of the tokens to keep", Number, 0.5)
    .addOption(
      new Option("--engine <NAME>", "measure this engine alone").choices(["auto", "mlx", "cpu", "none"] as const),
    )
    .option("--model <DIR>", "the keep model to score with")
    .addOption(
      new Option("--text <WHAT>", "texts from grammars: letters and news, or what tools print")
        .choices(["prose", "tools"] as const)
        .default("prose" as const),
    )
    .option("--input <FILE...>", "cut the texts from these files instead")
    .option("--json", "print the report as JSON")
    .option("-q, --quiet", "print nothing but the report and errors")
    .addHelpText("after", latencyDetails)
    .action(async (flags: BenchLatencyFlags) => {
      const { runBenchLatency } = await import("./bench/run-bench-latency.js");
      return runBenchLatency(flags);
    });
  addBenchQualityCommand(bench);
}

/** Collects what a repeated option names; the first replaces the default. */
function listNumber(text: string, before: number[] & { given?: true }): number[] {
  const numbers: number[] & { given?: true } = before.given
    ? [...before, positiveNumber(text)]
    : [positiveNumber(text)];
  numbers.given = true;
  return numbers;
}
