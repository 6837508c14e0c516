import { type Command, Option } from "commander";
import { positiveNumber, wholeNumber } from "../parse-number.js";

/** Everything that `brevis train keep` takes. */
export interface TrainKeepFlags {
  data?: string;
  public?: string;
  backend: "swift" | "peft";
  model?: string;
  config?: string;
  iterations?: number;
  learningRate?: number;
  batchSize?: number;
  rank?: number;
  merge: boolean;
  seed: number;
  name?: string;
  runs: string;
  device: "auto" | "cpu";
  resume?: string;
  quiet?: boolean;
}

const details = `
RECORDS is a file of pairs, which is split by document, or of records of the keep task (scripts/keep/README.md of the repository), or a folder
with train.jsonl, valid.jsonl and test.jsonl. A pair's compressed text says which words of it are to stay. The trainer is a program in
Swift on MLX that scripts/build-swift.sh builds on a Mac; BREVIS_TRAIN names one that lies elsewhere. No Python is needed. --backend peft
adapts a Qwen3 in float weights by transformers and PEFT instead, on CUDA or the CPU.

With --data and --public in place of RECORDS the bundled model is trained anew, by the repository's own pipeline: its steps are named as they
begin, and passed over where their results are in build/keep. That needs a clone of the repository.

Ctrl-C ends a run in order; --resume goes on from its last checkpoint, as if it had never stopped.

Examples:
  $ brevis train keep pairs.jsonl --name mine
  $ brevis compress notes.txt --model runs/mine/model
  $ brevis train keep --resume runs/mine
  $ brevis train keep pairs.jsonl --backend peft --model Qwen/Qwen3-0.6B
  $ brevis train keep --data data/ --public public/`;

/** `brevis train keep`. */
export function addTrainKeep(train: Command): void {
  train
    .command("keep")
    .summary("adapt the keep model to your own texts")
    .description(
      "Adapts the keep model, which says which words stay, to your own pairs: LoRA and the head, on this machine.",
    )
    .argument("[RECORDS]", "pairs or records of the keep task: a file, or a folder of split ones")
    .option("--data <DIR>", "train the bundled model: the labelled data")
    .option("--public <DIR>", "train the bundled model: public text, and the teacher")
    .addOption(
      new Option("--backend <NAME>", "swift: brevis-train, on MLX; peft: transformers and PEFT")
        .choices(["swift", "peft"] as const)
        .default("swift" as const),
    )
    .option("--model <NAME|DIR>", "the model to adapt: keep (the bundled one), a keep model's directory, or a Qwen3's")
    .option("--config <FILE>", "settings, laid out as configs/training.yaml")
    .option("--iterations <N>", "steps", positiveNumber)
    .option("--learning-rate <R>", "of AdamW, at its highest", Number)
    .option("--batch-size <N>", "windows of text a step", positiveNumber)
    .option("--rank <N>", "of the adapter; its alpha keeps its ratio to it", positiveNumber)
    .option("--no-merge", "leave the adapter beside the model's weights")
    .option("--seed <N>", "where chance starts", wholeNumber, 0)
    .option("--name <NAME>", "the run's name (default: date, trainer and model)")
    .option("--runs <DIR>", "the folder of all runs", "runs")
    .addOption(
      new Option("--device <NAME>", "where to train").choices(["auto", "cpu"] as const).default("auto" as const),
    )
    .option("--resume <RUN>", "go on with a run: its folder")
    .option("-q, --quiet", "print nothing but the run's folder and errors")
    .addHelpText("after", details)
    .action(async (records: string | undefined, flags: TrainKeepFlags) => {
      const { runTrainKeep } = await import("./run-train-keep.js");
      return runTrainKeep(records, flags);
    });
}
