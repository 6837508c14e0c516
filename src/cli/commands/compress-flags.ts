import { type Command, Option } from "commander";
import { type CompressOptions, kinds, levels } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import { compileRe2Pattern } from "./re2-pattern.js";

/** The flags of `brevis compress` that say how to compress, as commander gives them. */
export interface CompressFlags {
  rate?: number;
  budget?: number;
  level?: keyof typeof levels;
  mode?: NonNullable<CompressOptions["mode"]>;
  kind?: NonNullable<CompressOptions["kind"]>;
  query?: string;
  mustKeep?: string[];
  dictionary?: NonNullable<CompressOptions["dictionary"]>;
  legend?: NonNullable<CompressOptions["legend"]>;
  target?: string;
  engine?: NonNullable<CompressOptions["engine"]>;
  model?: string;
  adapter?: string;
  deadlineMs?: number;
}

/** Declares the flags that say how to compress. */
export function addCompressFlags(command: Command): Command {
  const choice = (flags: string, description: string, values: readonly string[]) =>
    new Option(flags, description).choices(values);
  return command
    .option("--rate <SHARE>", "share of the tokens to keep, above 0 and up to 1", parseNumber("--rate"))
    .option("--budget <TOKENS>", "the most tokens that the result may have", parseNumber("--budget"))
    .addOption(choice("--level <LEVEL>", describeLevels(), Object.keys(levels)))
    .addOption(choice("--mode <MODE>", "how to compress", ["lossless", "extractive", "abstractive"]))
    .addOption(choice("--kind <KIND>", "what the whole text is", ["auto", ...kinds.filter((kind) => kind !== "mixed")]))
    .option("--query <QUESTION>", "the question that the text should answer: what matches stays first")
    .option("--must-keep <RE>", "text that must stay, in RE2 syntax; may be given again", collect)
    .addOption(choice("--dictionary <WHERE>", "where aliases for repeated text may stand", ["on", "off", "all"]))
    .addOption(
      choice("--legend <WHERE>", "the legend of aliases: in the text, or in the JSON only", ["inline", "separate"]),
    )
    .option("--target <MODEL>", "the model that will read the text: chooses the tokenizer")
    .addOption(choice("--engine <ENGINE>", "what runs the model", ["auto", "mlx", "cpu", "none"]))
    .option("--model <DIR>", "a model's directory, or the name of a pulled model")
    .option("--adapter <DIR>", "the directory of an adapter for the model")
    .option("--deadline-ms <MS>", "return the best result so far after this time", parseNumber("--deadline-ms"));
}

/** The library's options for flags. What the flags cannot mean, `compress` itself refuses. */
export function readCompressOptions(flags: CompressFlags): CompressOptions {
  const { rate, budget, level, mode, kind, query, mustKeep, dictionary, legend } = flags;
  const { target, engine, model, adapter, deadlineMs } = flags;
  const options = {
    rate,
    budget,
    level,
    mode,
    kind,
    query,
    dictionary,
    legend,
    target,
    engine,
    model,
    adapter,
    deadlineMs,
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as CompressOptions),
    ...(mustKeep === undefined ? {} : { mustKeep: mustKeep.map(compileRe2Pattern) }),
  };
}

/** An option's number, for commander; what it may be is checked where it is used. */
export function parseNumber(flag: string): (given: string) => number {
  return (given) => {
    const value = given.trim() === "" ? Number.NaN : Number(given);
    if (!Number.isNaN(value)) return value;
    throw new BrevisError("invalid-option", `Expected a number for ${flag} but received ${JSON.stringify(given)}.`);
  };
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function describeLevels(): string {
  return Object.entries(levels)
    .map(([level, rate]) => `${level} ${rate}`)
    .join(", ")
    .replace(/^/u, "a rate by name: ");
}
