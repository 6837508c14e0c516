import { BrevisError } from "../../errors.js";
import { type JsonLinesAppender, openJsonLines } from "../../files/append-json-lines.js";
import { type CompressMessagesOptions, normalizeMessagesOptions } from "../messages/message-options.js";
import { describe } from "../options/normalize-options.js";
import type { TokenCounts, Warning } from "../types.js";
import { type Assignment, assignVariant } from "./assign-variant.js";
import type { ExperimentLine } from "./experiment-line.js";

/** Options that are tried on some of the units. They come before those of a call. */
export interface Variant extends CompressMessagesOptions {
  /** How many units it gets, beside the other variants' weights; 1 by default. */
  weight?: number;
}

/** What becomes of an experiment's lines. */
export interface ExperimentOptions {
  /** Another name assigns the units anew; `default` by default. */
  name?: string;
  /** A file of JSON Lines that `brevis evaluate ab` reads, which several processes may share; or a function that is given each line. */
  log: string | ((line: ExperimentLine) => void | Promise<void>);
}

/** What became of a unit, by the outcomes' names. */
export type Outcomes = Readonly<Record<string, boolean | number>>;

/** An experiment that runs. */
export interface Experiment {
  assign(unit: string): Assignment & { readonly options: CompressMessagesOptions };
  /** Notes a call. It fails no call: what cannot be written is a warning. */
  expose(assignment: Assignment, tokens: TokenCounts, milliseconds: number): Promise<readonly Warning[]>;
  /** @throws {BrevisError} `invalid-option` for what is no outcome, `output-failed`, and what the log function throws */
  recordOutcome(unit: string, outcomes: Outcomes): Promise<void>;
  close(): Promise<void>;
}

/** @throws {BrevisError} `invalid-option` */
export function openExperiment(
  variants: Readonly<Record<string, Variant>>,
  experiment: ExperimentOptions | undefined,
): Experiment {
  const weights = readWeights(variants);
  const { name, log } = readExperiment(experiment);
  const write = openLog(name, weights, log);
  const at = () => new Date().toISOString();
  const assign = (unit: string) => assignVariant(name, checkUnit(unit), weights);
  return {
    assign(unit) {
      const assignment = assign(unit);
      const { weight: _, ...options } = variants[assignment.variant]!;
      return { ...assignment, options };
    },
    async expose({ variant, unit }, { original, compressed }, milliseconds) {
      try {
        const tokens = { original, compressed };
        await write([{ type: "exposure", experiment: name, at: at(), unit, variant, tokens, milliseconds }]);
        return [];
      } catch (error) {
        return [
          { code: "log-unavailable", message: `The call is not in the experiment's log: ${(error as Error).message}` },
        ];
      }
    },
    async recordOutcome(unit, outcomes) {
      const assignment = assign(unit);
      const entries = Object.entries(checkOutcomes(outcomes));
      const time = at();
      await write(
        entries.map(([outcome, value]) => ({
          type: "outcome",
          experiment: name,
          at: time,
          ...assignment,
          outcome,
          value,
        })),
      );
    },
    close: write.close,
  };
}

type Write = ((lines: readonly ExperimentLine[]) => Promise<void>) & { close: () => Promise<void> };

/** The first line that is written says what the experiment is. */
function openLog(experiment: string, variants: Record<string, number>, log: ExperimentOptions["log"]): Write {
  const head = (): ExperimentLine => ({ type: "experiment", experiment, at: new Date().toISOString(), variants });
  let opening: Promise<JsonLinesAppender> | undefined;
  let told = false;
  const toFile = async (path: string, lines: readonly ExperimentLine[]) => {
    opening ??= openJsonLines(path, { shared: true, sync: "close" });
    // What could not be opened may be there the next time.
    const file = await opening.catch((error) => {
      opening = undefined;
      throw error;
    });
    const heads = told ? [] : [head()];
    told = true;
    await file.append(...heads, ...lines);
  };
  const write = async (lines: readonly ExperimentLine[]) => {
    if (typeof log === "string") return toFile(log, lines);
    const heads = told ? [] : [head()];
    told = true;
    for (const line of [...heads, ...lines]) await log(line);
  };
  return Object.assign(write, { close: async () => (await opening)?.close() });
}

function readWeights(variants: Readonly<Record<string, Variant>>): Record<string, number> {
  if (typeof variants !== "object" || variants === null || Object.keys(variants).length < 2)
    throw invalid("variants", "two or more options by name", variants);
  return Object.fromEntries(
    Object.entries(variants).map(([name, variant]) => {
      if (typeof variant !== "object" || variant === null) throw invalid(`variants.${name}`, "options", variant);
      const { weight = 1, ...options } = variant;
      if (typeof weight !== "number" || !(weight > 0 && Number.isFinite(weight)))
        throw invalid(`variants.${name}.weight`, "a number above 0", weight);
      normalizeMessagesOptions(options);
      return [name, weight];
    }),
  );
}

function readExperiment(experiment: ExperimentOptions | undefined): Required<ExperimentOptions> {
  const { name = "default", log } = experiment ?? ({} as Partial<ExperimentOptions>);
  if (typeof name !== "string" || name === "") throw invalid("experiment.name", "a name", name);
  const isLog = (typeof log === "string" && log !== "") || typeof log === "function";
  if (!isLog) throw invalid("experiment.log", "a file's name or a function", log);
  return { name, log };
}

function checkUnit(unit: unknown): string {
  if (typeof unit === "string" && unit !== "") return unit;
  throw new BrevisError("invalid-option", `Expected the unit of an experiment but received ${describe(unit)}.`, {
    hint: "Give the id of the user or the conversation: compress(text, { unit }).",
  });
}

function checkOutcomes(outcomes: Outcomes): Outcomes {
  if (typeof outcomes !== "object" || outcomes === null) throw invalid("outcomes", "values by name", outcomes);
  for (const [name, value] of Object.entries(outcomes)) {
    if (typeof value !== "boolean" && !(typeof value === "number" && Number.isFinite(value)))
      throw invalid(`outcomes.${name}`, "true, false or a number", value);
  }
  return outcomes;
}

function invalid(name: string, wanted: string, received: unknown): BrevisError {
  return new BrevisError("invalid-option", `Option ${name}: expected ${wanted} but received ${describe(received)}.`);
}
