import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Density, measureDensity } from "./measure-density.js";
import {
  addSample,
  curveRates,
  emptyCurve,
  fitCurve,
  leastRate,
  lowestRateFor,
  mostRate,
  type RateCurve,
} from "./rate-curve.js";

/** A rate, and why it was chosen. */
export interface AdaptiveChoice {
  readonly rate: number;
  /** What was asked for. */
  readonly asked: number;
  /** After density, before feedback. */
  readonly start: number;
  readonly density: Density;
  /** The kind whose feedback counted, and how many samples there are of it. */
  readonly kind: string;
  readonly samples: number;
  /** One sentence for each step. */
  readonly reasons: readonly string[];
}

/** Chooses rates, and learns from quality. */
export interface AdaptiveControl {
  choose(text: string, kind: string, asked: number): AdaptiveChoice;
  /** @param quality 0 to 1: how good an answer on the compressed text was */
  learn(kind: string, rate: number, quality: number): void;
  /** The curves as they are fitted now. */
  describe(): Record<string, { samples: number; rates: readonly number[]; distortion: number[]; lowestRate: number }>;
  /** Forgets the feedback on a kind, or on all. */
  reset(kind?: string): void;
}

/** The densest text keeps this much more than was asked for, the loosest this much less. */
const densityReach = 0.15;
/** Feedback moves a rate this far at most. */
const feedbackReach = 0.2;
/** Samples after which feedback has half of its say. */
const halfSay = 8;
/** The share of quality that may be lost. */
const targetDistortion = 0.12;
const fileName = "rate-curves.json";

const curveSchema = z.object({
  weights: z.array(z.number().nonnegative()).length(curveRates.length),
  sums: z.array(z.number().nonnegative()).length(curveRates.length),
  samples: z.int().nonnegative(),
});
const fileSchema = z.record(z.string(), curveSchema);

/** @param folder where the curves are kept; undefined keeps them in this process. A file that cannot be read is begun anew. */
export function openAdaptiveControl(folder: string | undefined): AdaptiveControl {
  let curves: Record<string, RateCurve> = folder === undefined ? {} : readCurves(join(folder, fileName));
  const save = () => {
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, fileName);
    if (Object.keys(curves).length === 0) return rmSync(path, { force: true });
    writeFileSync(`${path}.new`, JSON.stringify(curves));
    renameSync(`${path}.new`, path);
  };
  return {
    choose: (text, kind, asked) => chooseRate(measureDensity(text), kind, asked, curves[kind] ?? emptyCurve()),
    learn(kind, rate, quality) {
      curves = { ...curves, [kind]: addSample(curves[kind] ?? emptyCurve(), rate, 1 - quality) };
      save();
    },
    describe: () =>
      Object.fromEntries(
        Object.entries(curves).map(([kind, curve]) => [
          kind,
          {
            samples: curve.samples,
            rates: curveRates,
            distortion: fitCurve(curve),
            lowestRate: lowestRateFor(curve, targetDistortion),
          },
        ]),
      ),
    reset(kind) {
      const { [kind ?? ""]: _, ...others } = curves;
      curves = kind === undefined ? {} : others;
      save();
    },
  };
}

/** Monotone: a denser text, a higher rate asked for, and worse answers each give a rate that is as high or higher. */
export function chooseRate(density: Density, kind: string, asked: number, curve: RateCurve): AdaptiveChoice {
  const start = bound(asked + densityReach * (2 * density.score - 1));
  const reasons = [
    `Density ${density.score.toFixed(2)} (structure ${percent(density.structureRatio)}, technical terms ${percent(density.technicalTerms)}, ` +
      `${density.wordsPerLine.toFixed(1)} words a line) moves ${asked} to ${start.toFixed(2)}.`,
  ];
  const say = curve.samples / (curve.samples + halfSay);
  const wanted = lowestRateFor(curve, targetDistortion);
  const move = Math.max(-feedbackReach, Math.min(feedbackReach, say * (wanted - start)));
  const rate = curve.samples === 0 ? start : bound(start + move);
  reasons.push(
    curve.samples === 0
      ? `There is no feedback on ${kind} yet.`
      : `${curve.samples} samples of ${kind} lose at most ${percent(targetDistortion)} from rate ${wanted} on, which moves it to ${rate.toFixed(2)}.`,
  );
  return {
    rate: Number(rate.toFixed(4)),
    asked,
    start: Number(start.toFixed(4)),
    density,
    kind,
    samples: curve.samples,
    reasons,
  };
}

function bound(rate: number): number {
  return Math.min(mostRate, Math.max(leastRate, rate));
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function readCurves(path: string): Record<string, RateCurve> {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
