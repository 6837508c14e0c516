import { BrevisError } from "../../../errors.js";
import { continueRun, trainLocal } from "../../../train/train-local.js";
import { readTrainingConfig } from "../../../train/training-config.js";
import { readPackageVersion } from "../../read-package-version.js";
import type { TrainLocalFlags } from "./add-train-command.js";
import { applyTrainerFlags } from "./apply-trainer-flags.js";
import { watchTraining } from "./watch-training.js";

/** Runs `brevis train local`: standard output gets the run's folder. */
export async function runTrainLocal(pairs: string | undefined, flags: TrainLocalFlags): Promise<void> {
  const config = applyTrainerFlags(await readTrainingConfig(flags.config), flags);
  await watchTraining(flags.quiet === true, async (listener) => {
    if (flags.resume !== undefined) {
      await continueRun(flags.resume, listener);
      return flags.resume;
    }
    if (pairs === undefined) throw expectedPairs();
    const { backend, prompts, seed, runs, name, device } = flags;
    const version = readPackageVersion();
    return trainLocal({ pairs, backend, config, prompts, seed, runs, name, device, version }, listener);
  });
}

function expectedPairs(): BrevisError {
  return new BrevisError("invalid-option", "Expected PAIRS to train on but received none.", {
    hint: "Name a file of pairs, or a run to go on with: --resume RUN.",
  });
}
