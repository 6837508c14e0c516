import { Presets, SingleBar } from "cli-progress";
import type { TrainingMetric } from "../../train/run-folder.js";

/** What a person sees of a training. */
export interface TrainingView {
  /** Says how many iterations there will be. */
  start(iterations: number): void;
  step(step: string): void;
  metric(metric: TrainingMetric): void;
  stop(): void;
}

/** On a terminal a bar with losses and the time that is left; elsewhere a line for each report, unless nothing is wanted. */
export function showTraining(shown: boolean): TrainingView {
  if (!shown) return { start() {}, step() {}, metric() {}, stop() {} };
  return process.stderr.isTTY ? showBar() : showLines();
}

function showBar(): TrainingView {
  let iterations = 0;
  const format = "{bar} {value}/{total} | loss {train}, validation {valid} | {speed} tokens/s | {eta_formatted} left";
  let bar: SingleBar | undefined;
  const figures = { train: "-", valid: "-", speed: "-" };
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    start(total) {
      iterations = total;
    },
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

function showLines(): TrainingView {
  let iterations = 0;
  const write = (line: string) => process.stderr.write(`${line}\n`);
  return {
    start(total) {
      iterations = total;
    },
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
