import { type Command, Option } from "commander";
import { positiveNumber, wholeNumber } from "../parse-number.js";
import { addTrainCloudCommand } from "./add-train-cloud-command.js";
import { addTrainKeep } from "./add-train-keep.js";

/** Everything that `brevis train local` takes. */
export interface TrainLocalFlags {
  backend: "mlx" | "peft";
  model?: string;
  config?: string;
  prompts: string;
  iterations?: number;
  epochs?: number;
  learningRate?: number;
  batchSize?: number;
  maxTokens?: number;
  rank?: number;
  seed: number;
  name?: string;
  runs: string;
  device: "auto" | "cpu";
  resume?: string;
  quiet?: boolean;
}

/** Everything that `brevis train list`, `show` and `compare` take. */
export interface ShowRunsFlags {
  runs: string;
  json?: boolean;
}

const localDetails = `
PAIRS is a file of pairs, which is split by document, or a folder with train.jsonl, valid.jsonl and test.jsonl as
\`brevis records split\` writes it. The trainer's Python packages are installed on first use, in a place of their own;
BREVIS_PYTHON names a Python that has them already. Settings come from configs/training.yaml, or from --config.

Ctrl-C ends a run in order; --resume goes on from its last checkpoint, as if it had never stopped.

Examples:
  $ brevis train local pairs.jsonl --model mlx-community/Qwen3-4B-Instruct-2507-4bit
  $ brevis train local split/ --model ./qwen3-0.6b --iterations 200 --name first
  $ brevis train local split/ --backend peft --model Qwen/Qwen3-4B --epochs 3
  $ brevis train local --resume runs/first`;

/** `brevis train`. */
export function addTrainCommand(program: Command): void {
  const train = program
    .command("train")
    .summary("train adapters on pairs")
    .description("Trains adapters on pairs, and shows the runs.");
  train
    .command("local")
    .summary("fine-tune a LoRA adapter on this machine")
    .description("Fine-tunes a LoRA adapter of Qwen3 on pairs, on this machine.")
    .argument("[PAIRS]", "a file of pairs, or a folder of split ones")
    .addOption(
      new Option("--backend <NAME>", "mlx: mlx-lm's trainer; peft: transformers and PEFT, on CUDA or the CPU")
        .choices(["mlx", "peft"] as const)
        .default("mlx" as const),
    )
    .option("--model <NAME|DIR>", "the model to adapt: the name of a pulled one, or its directory")
    .option("--config <FILE>", "settings, laid out as configs/training.yaml")
    .option("--prompts <NAME|DIR>", "the prompts to train with: default, instruction, plain, or a folder", "default")
    .option("--iterations <N>", "steps", positiveNumber)
    .option("--epochs <N>", "in place of --iterations: how often each example is seen", positiveNumber)
    .option("--learning-rate <R>", "of AdamW", Number)
    .option("--batch-size <N>", "examples a step", positiveNumber)
    .option("--max-tokens <N>", "the longest example", positiveNumber)
    .option("--rank <N>", "of the adapter; its alpha keeps its ratio to it", positiveNumber)
    .option("--seed <N>", "where chance starts", wholeNumber, 0)
    .option("--name <NAME>", "the run's name (default: date, trainer and model)")
    .option("--runs <DIR>", "the folder of all runs", "runs")
    .addOption(
      new Option("--device <NAME>", "where to train").choices(["auto", "cpu"] as const).default("auto" as const),
    )
    .option("--resume <RUN>", "go on with a run: its folder")
    .option("-q, --quiet", "print nothing but the run's folder and errors")
    .addHelpText("after", localDetails)
    .action(async (pairs: string | undefined, flags: TrainLocalFlags) => {
      const { runTrainLocal } = await import("./run-train-local.js");
      return runTrainLocal(pairs, flags);
    });
  addTrainKeep(train);
  addTrainCloudCommand(train);
  addShow(train);
}

function addShow(train: Command): void {
  const withFlags = (command: Command) =>
    command.option("--runs <DIR>", "the folder of all runs", "runs").option("--json", "print JSON");
  withFlags(train.command("list").description("Lists the runs.")).action(async (flags: ShowRunsFlags) => {
    const { showRuns } = await import("./show-runs.js");
    return showRuns(flags);
  });
  withFlags(train.command("show").description("Says what a run was and what it gave.").argument("<RUN>")).action(
    async (run: string, flags: ShowRunsFlags) => {
      const { showRun } = await import("./show-runs.js");
      return showRun(run, flags);
    },
  );
  withFlags(
    train
      .command("compare")
      .description("Shows runs side by side: their losses, and the settings that differ.")
      .argument("<RUN...>"),
  ).action(async (runs: string[], flags: ShowRunsFlags) => {
    const { compareRuns } = await import("./show-runs.js");
    return compareRuns(runs, flags);
  });
}
