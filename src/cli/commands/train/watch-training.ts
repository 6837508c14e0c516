import type { TrainingMetric } from "../../../train/run-folder.js";
import type { TrainingListener } from "../../../train/train-local.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { showTraining } from "../../terminal/show-training.js";

/**
 * Shows a training on the terminal while it runs, has Ctrl-C end it in order, and gives the run's folder to standard output.
 *
 * @param train the training, which is told to whom it reports
 */
export async function watchTraining(
  isQuiet: boolean,
  train: (listener: TrainingListener) => Promise<string>,
): Promise<void> {
  const view = showTraining(!isQuiet);
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const folder = await train({
      onStart: (_folder: string, iterations: number) => view.start(iterations),
      onStep: view.step,
      onMetric: (metric: TrainingMetric) => view.metric(metric),
      signal: interrupt.signal,
    });
    view.stop();
    await writeStandardOutput(`${folder}\n`);
  } finally {
    view.stop();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
