import { type ExperimentLine, experimentLineSchema } from "../../compress/variants/experiment-line.js";
import { BrevisError } from "../../errors.js";
import { readJsonLines } from "../../files/read-json-lines.js";

/** What is known of one unit. */
export interface UnitRecord {
  readonly variant: string;
  readonly firstExposure: string;
  tokens: { original: number; compressed: number };
  calls: number;
  milliseconds: number;
  /** Values of each outcome, in order. */
  readonly outcomes: Map<string, (number | boolean)[]>;
}

/** An experiment's log, by unit. */
export interface ExperimentRecord {
  readonly name: string;
  /** The weights that units were assigned by. */
  readonly weights: Readonly<Record<string, number>>;
  /** Whether processes had other variants or weights than the last one. */
  readonly weightsChanged: boolean;
  readonly units: ReadonlyMap<string, UnitRecord>;
  /** Units that met two variants, which are in no figure: the assignment changed. */
  readonly crossed: number;
  /** Outcomes of units that had met no variant by then, which are in no figure. */
  readonly unexposed: number;
}

/**
 * Reads the logs of one experiment: one for each process, or one for all.
 *
 * @param name which experiment, where the files hold several
 * @throws {BrevisError} `invalid-input` for a line of something else (where that is fatal), for files without an experiment or with several
 */
export async function readExperiment(
  paths: readonly string[],
  name: string | undefined,
  broken: { readonly onBroken: "skip" | "fatal"; readonly onSkip?: (error: BrevisError) => void },
): Promise<ExperimentRecord> {
  const lines = await readLines(paths, broken);
  const chosen = chooseExperiment(lines, name, paths);
  const own = lines.filter((line) => line.experiment === chosen).sort((one, other) => one.at.localeCompare(other.at));
  const heads = own.flatMap((line) => (line.type === "experiment" ? [line.variants] : []));
  const weights = heads.at(-1) ?? {};
  const { units, crossed, unexposed } = joinLines(own);
  return {
    name: chosen,
    weights,
    weightsChanged: heads.some((head) => keyOf(head) !== keyOf(weights)),
    units,
    crossed,
    unexposed,
  };
}

function joinLines(lines: readonly ExperimentLine[]): Pick<ExperimentRecord, "units" | "crossed" | "unexposed"> {
  const units = new Map<string, UnitRecord>();
  const crossed = new Set<string>();
  let unexposed = 0;
  for (const line of lines) {
    if (line.type === "experiment") continue;
    const known = units.get(line.unit);
    if (known !== undefined && known.variant !== line.variant) crossed.add(line.unit);
    if (line.type === "exposure") addExposure(units, line);
    else if (known === undefined) unexposed++;
    else known.outcomes.set(line.outcome, [...(known.outcomes.get(line.outcome) ?? []), line.value]);
  }
  for (const unit of crossed) units.delete(unit);
  return { units, crossed: crossed.size, unexposed };
}

function addExposure(units: Map<string, UnitRecord>, line: Extract<ExperimentLine, { type: "exposure" }>): void {
  const { unit, variant, tokens, milliseconds, at } = line;
  const known = units.get(unit);
  if (known === undefined) {
    units.set(unit, { variant, firstExposure: at, tokens: { ...tokens }, calls: 1, milliseconds, outcomes: new Map() });
    return;
  }
  known.tokens.original += tokens.original;
  known.tokens.compressed += tokens.compressed;
  known.milliseconds += milliseconds;
  known.calls++;
}

async function readLines(
  paths: readonly string[],
  broken: Parameters<typeof readExperiment>[2],
): Promise<ExperimentLine[]> {
  const lines: ExperimentLine[] = [];
  for (const path of paths)
    for await (const { record } of readJsonLines(path, { ...broken, schema: experimentLineSchema })) lines.push(record);
  return lines;
}

function chooseExperiment(
  lines: readonly ExperimentLine[],
  name: string | undefined,
  paths: readonly string[],
): string {
  const names = [...new Set(lines.map(({ experiment }) => experiment))];
  if (name !== undefined && names.includes(name)) return name;
  if (name === undefined && names.length === 1) return names[0]!;
  const wanted = name === undefined ? "one experiment" : `the experiment ${name}`;
  const found = names.length === 0 ? "none" : names.join(", ");
  throw new BrevisError("invalid-input", `Expected ${wanted} in ${paths.join(", ")} but found ${found}.`, {
    hint:
      names.length > 1
        ? "Name one with --experiment."
        : "createCompressor({ variants, experiment: { log } }) writes one.",
  });
}

function keyOf(weights: Readonly<Record<string, number>>): string {
  return JSON.stringify(Object.entries(weights).sort());
}
