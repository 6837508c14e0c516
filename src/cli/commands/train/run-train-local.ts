import { BrevisError } from "../../../errors.js";
import type { TrainingMetric } from "../../../train/run-folder.js";
import { continueRun, trainLocal } from "../../../train/train-local.js";
import { readTrainingConfig } from "../../../train/training-config.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { readPackageVersion } from "../../read-package-version.js";
import { showTraining } from "../../terminal/show-training.js";
import type { TrainLocalFlags } from "./add-train-command.js";
import { applyTrainerFlags } from "./apply-trainer-flags.js";

/** Runs `brevis train local`: standard output gets the run's folder. */
export async function runTrainLocal(pairs: string | undefined, flags: TrainLocalFlags): Promise<void> {
  const config = applyTrainerFlags(await readTrainingConfig(flags.config), flags);
  const view = showTraining(flags.quiet !== true);
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const listener = {
    onStart: (_folder: string, iterations: number) => view.start(iterations),
    onStep: view.step,
    onMetric: (metric: TrainingMetric) => view.metric(metric),
    signal: interrupt.signal,
  };
  try {
    if (flags.resume !== undefined) {
      await continueRun(flags.resume, listener);
      return await writeStandardOutput(`${flags.resume}\n`);
    }
    if (pairs === undefined) throw expectedPairs();
    const { backend, prompts, seed, runs, name, device } = flags;
    const training = {
      pairs,
      backend,
      config,
      prompts,
      seed,
      runs,
      name,
      device,
      version: readPackageVersion(),
    };
    const folder = await trainLocal(training, listener);
    view.stop();
    await writeStandardOutput(`${folder}\n`);
  } finally {
    view.stop();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function expectedPairs(): BrevisError {
  return new BrevisError("invalid-option", "Expected PAIRS to train on but received none.", {
    hint: "Name a file of pairs, or a run to go on with: --resume RUN.",
  });
}
