import Table from "cli-table3";
import type { OutcomeFigures } from "../../../../evaluate/ab/compare-outcomes.js";
import { compareVariants, type ExperimentReport } from "../../../../evaluate/ab/compare-variants.js";
import { readExperiment } from "../../../../evaluate/ab/read-experiment.js";
import type { Interval } from "../../../../evaluate/figures/bootstrap.js";
import { writeStandardOutput } from "../../../files/write-standard-output.js";
import { reportWarning } from "../../../terminal/report-error.js";
import { formatCount } from "../../../terminal/summarize-result.js";
import { outputColours } from "../../../terminal/terminal-colours.js";
import type { AbFlags } from "./add-ab-command.js";

/** Runs `brevis evaluate ab`. */
export async function runAb(files: readonly string[], flags: AbFlags): Promise<void> {
  const { onBroken, control, planned, confidence, resamples, seed } = flags;
  const onSkip = ({ message }: Error) => reportWarning(message);
  const record = await readExperiment(files, flags.experiment, { onBroken, onSkip });
  const report = compareVariants(record, { control, planned, confidence, resamples, seed });
  await writeStandardOutput(flags.json ? `${JSON.stringify(report, null, 2)}\n` : drawReport(report));
}

function drawReport(report: ExperimentReport): string {
  const { experiment, units, variants, outcomes, control, confidence, sampleRatio, warnings } = report;
  const share = Math.round(100 * confidence);
  const parts = [
    `${experiment}: ${formatCount(units)} units; in brackets ${share} % intervals over units`,
    drawTable(
      ["variant", "units", "calls", "tokens kept", "ms a call"],
      variants.map(({ variant, units: own, calls, rate, milliseconds }) => [
        variant,
        formatCount(own),
        formatCount(calls),
        drawShare(rate),
        milliseconds.toFixed(1),
      ]),
    ),
    ...(outcomes.length === 0 ? ["No outcomes yet: recordOutcome(unit, { … }) writes them."] : []),
    ...outcomes.map((outcome) => `${outcome.outcome}, against ${control}\n${drawOutcome(outcome)}`),
    ...(sampleRatio === undefined ? [] : [`units part as the weights say: p = ${sampleRatio.toPrecision(2)}`]),
    ...warnings.map((warning) => `${outputColours().yellow("note")}: ${warning}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function drawOutcome({ kind, variants, differences }: OutcomeFigures): string {
  const draw = kind === "yes-no" ? drawShare : drawNumber;
  return drawTable(
    ["variant", "units", kind === "yes-no" ? "share" : "mean", "difference", "for any time", "method"],
    variants.map(({ variant, units, value }) => {
      const difference = differences.find((each) => each.variant === variant);
      return [
        variant,
        formatCount(units),
        draw(value),
        draw(difference?.interval),
        difference === undefined ? "-" : bracket(difference.anytime, kind),
        difference?.method ?? "-",
      ];
    }),
  );
}

function drawShare(interval: Interval | undefined): string {
  return interval === undefined ? "-" : `${(100 * interval.value).toFixed(1)} % ${bracket(interval, "yes-no")}`;
}

function drawNumber(interval: Interval | undefined): string {
  return interval === undefined ? "-" : `${interval.value.toPrecision(4)} ${bracket(interval, "number")}`;
}

function bracket({ low, high }: Interval, kind: OutcomeFigures["kind"]): string {
  const draw = (value: number) => (kind === "yes-no" ? (100 * value).toFixed(1) : value.toPrecision(4));
  return `[${draw(low)}, ${draw(high)}]`;
}

function drawTable(head: string[], rows: string[][]): string {
  const colAligns = head.map((_, at) => (at === 0 ? ("left" as const) : ("right" as const)));
  const table = new Table({
    head: head.map(outputColours().bold),
    colAligns,
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
}
