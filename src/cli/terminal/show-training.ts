import { Presets, SingleBar } from "cli-progress";
import type { TrainingMetric } from "../../train/run-folder.js";

/** What a person sees of a training. */
export interface TrainingView {
  step(step: string): void;
  metric(metric: TrainingMetric): void;
  stop(): void;
}

/** On a terminal a bar with losses and the time that is left; elsewhere a line for each report, unless nothing is wanted. */
export function showTraining(iterations: number, shown: boolean): TrainingView {
  if (!shown) return { step() {}, metric() {}, stop() {} };
  return process.stderr.isTTY ? showBar(iterations) : showLines(iterations);
}

function showBar(iterations: number): TrainingView {
  const format = "{bar} {value}/{total} | loss {train}, validation {valid} | {speed} tokens/s | {eta_formatted} left";
  let bar: SingleBar | undefined;
  const figures = { train: "-", valid: "-", speed: "-" };
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    stop,
    step(step) {
      stop();
      process.stderr.write(`${step} …\n`);
    },
    metric(metric) {
      if (metric.event === "loaded" || metric.event === "done") return;
      bar ??= startBar(format, iterations, figures);
      if (metric.event === "train" || metric.event === "valid") figures[metric.event] = lossOf(metric);
      if (metric.tokensPerSecond !== undefined) figures.speed = metric.tokensPerSecond.toFixed(0);
      if (metric.iteration !== undefined) bar.update(metric.iteration, figures);
    },
  };
}

function startBar(format: string, iterations: number, figures: object): SingleBar {
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: false, etaBuffer: 50 }, Presets.rect);
  bar.start(iterations, 0, figures);
  return bar;
}

function showLines(iterations: number): TrainingView {
  const write = (line: string) => process.stderr.write(`${line}\n`);
  return {
    stop() {},
    step: (step) => write(`${step} …`),
    metric(metric) {
      const { event, iteration } = metric;
      if (event === "resumed") write(`going on from iteration ${iteration}`);
      if (event === "train" || event === "valid")
        write(`${iteration}/${iterations}: ${event === "train" ? "loss" : "validation loss"} ${lossOf(metric)}`);
      if (event === "test") write(`test loss ${lossOf(metric)}`);
    },
  };
}

function lossOf({ loss }: TrainingMetric): string {
  return typeof loss === "number" ? loss.toFixed(3) : "no number";
}
