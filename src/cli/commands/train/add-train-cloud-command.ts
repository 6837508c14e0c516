import type { Command } from "commander";
import { positiveNumber, wholeNumber } from "../parse-number.js";

/** Everything that `brevis train cloud` takes. */
export interface TrainCloudFlags {
  model?: string;
  tokenizer?: string;
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
  resume?: string;
  dryRun?: boolean;
  yes?: boolean;
  quiet?: boolean;
}

const details = `
PAIRS is a file of pairs, or a folder with train.jsonl, valid.jsonl and test.jsonl. Their tokens are sent to Tinker (Thinking Machines), with the key in
TINKER_API_KEY, which goes nowhere else. What the run will cost at most is shown first, by the prices of configs/training.yaml, which were never looked up (correct
them there), and asked about; --yes answers. Where COST_LIMIT_DAILY_USD is less, nothing starts.

Each checkpoint is a state on Tinker. A lost connection is taken up from the last one, and so is an ended run by --resume. The adapter is downloaded at the
end, as PEFT lays one out; that of Qwen/Qwen3-30B-A3B is kept as it came, since no engine of brevis runs mixtures of experts.

Examples:
  $ brevis train cloud pairs.jsonl --dry-run
  $ brevis train cloud split/ --model Qwen/Qwen3-8B --tokenizer Qwen/Qwen3-0.6B --name first
  $ brevis train cloud --resume runs/first`;

/** `brevis train cloud`. */
export function addTrainCloudCommand(train: Command): void {
  train
    .command("cloud")
    .summary("fine-tune a LoRA adapter on Tinker")
    .description("Fine-tunes a LoRA adapter of a Qwen3 model on pairs, on Tinker.")
    .argument("[PAIRS]", "a file of pairs, or a folder of split ones")
    .option("--model <NAME>", "the model to adapt, by its name on Tinker")
    .option(
      "--tokenizer <NAME|DIR>",
      "a model of this machine that has its tokenizer (default: the model, where it is pulled)",
    )
    .option("--config <FILE>", "settings, laid out as configs/training.yaml")
    .option("--prompts <NAME|DIR>", "the prompts to train with: default, instruction, or a folder", "default")
    .option("--iterations <N>", "steps", positiveNumber)
    .option("--epochs <N>", "in place of --iterations: how often each example is seen", positiveNumber)
    .option("--learning-rate <R>", "of AdamW, at its highest", Number)
    .option("--batch-size <N>", "examples a step", positiveNumber)
    .option("--max-tokens <N>", "the longest example", positiveNumber)
    .option("--rank <N>", "of the adapter", positiveNumber)
    .option("--seed <N>", "where chance starts", wholeNumber, 0)
    .option("--name <NAME>", "the run's name (default: date, trainer and model)")
    .option("--runs <DIR>", "the folder of all runs", "runs")
    .option("--resume <RUN>", "go on with a run: its folder")
    .option("--dry-run", "show what it would cost, and send nothing")
    .option("-y, --yes", "do not ask whether the cost is all right")
    .option("-q, --quiet", "print nothing but the run's folder and errors")
    .addHelpText("after", details)
    .action(async (pairs: string | undefined, flags: TrainCloudFlags) => {
      const { runTrainCloud } = await import("./run-train-cloud.js");
      return runTrainCloud(pairs, flags);
    });
}
