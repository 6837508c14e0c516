import { z } from "zod";
import type { CompressOptions } from "../../compress/types.js";
import { kinds, levels } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";

const share = z.number().gt(0).lte(1);
const level = z.enum(Object.keys(levels) as [keyof typeof levels]);
const mode = z.enum(["extractive", "lossless", "abstractive"]);
const literals = z.array(z.string().min(1).max(2000)).max(500);
const milliseconds = z.number().positive();

/** The options of `compress` that a caller over HTTP may give: none that names a path, and no patterns. */
export const optionFields = {
  rate: share.nullish().meta({ description: "Share of the tokens to keep." }),
  budget: z.int().gte(1).nullish().meta({ description: "The most tokens that the result may have." }),
  level: level.nullish().meta({ description: "A rate by name." }),
  mode: mode.nullish(),
  kind: z.enum(["auto", ...kinds.filter((kind) => kind !== "mixed")]).nullish(),
  query: z.string().max(10_000).nullish().meta({ description: "The question that the text should answer." }),
  mustKeep: literals.nullish().meta({ description: "Literal strings that must stay." }),
  dictionary: z.enum(["on", "off", "all"]).nullish(),
  legend: z.enum(["inline", "separate"]).nullish(),
  target: z.string().min(1).max(200).nullish().meta({ description: "The model that will read the text." }),
  deadlineMs: milliseconds.nullish(),
  compression_rate: share.nullish().meta({ description: "The same as rate." }),
  preset: level.nullish().meta({ description: "The same as level." }),
  strategy: mode.nullish().meta({ description: "The same as mode." }),
  must_keep: literals.nullish().meta({ description: "The same as mustKeep." }),
  dict_enabled: z.boolean().nullish().meta({ description: "false is dictionary off, true is on." }),
  deadline_ms: milliseconds.nullish().meta({ description: "The same as deadlineMs." }),
};

const optionsObject = z.object(optionFields);
/** Options as a body has them, beside its other fields. */
export type OptionFields = z.infer<typeof optionsObject>;

const sameFields = [
  ["rate", "compression_rate"],
  ["level", "preset"],
  ["mode", "strategy"],
  ["mustKeep", "must_keep"],
  ["dictionary", "dict_enabled"],
  ["deadlineMs", "deadline_ms"],
] as const;

/** The library's options for a body's. @throws {BrevisError} `invalid-option` where a field is there under both its names */
export function readOptions(fields: OptionFields): CompressOptions {
  for (const [name, other] of sameFields) {
    if (fields[name] == null || fields[other] == null) continue;
    throw new BrevisError("invalid-option", `Expected ${name} or ${other} but received both.`);
  }
  const aliases = fields.dict_enabled == null ? undefined : fields.dict_enabled ? "on" : "off";
  const options = {
    rate: fields.rate ?? fields.compression_rate,
    budget: fields.budget,
    level: fields.level ?? fields.preset,
    mode: fields.mode ?? fields.strategy,
    kind: fields.kind,
    query: fields.query,
    mustKeep: fields.mustKeep ?? fields.must_keep,
    dictionary: fields.dictionary ?? aliases,
    legend: fields.legend,
    target: fields.target,
    deadlineMs: fields.deadlineMs ?? fields.deadline_ms,
  };
  const goals = (["rate", "budget", "level"] as const).filter((name) => options[name] != null);
  if (goals.length > 1) {
    throw new BrevisError("invalid-option", `Expected one of rate, budget and level but received ${goals.join(", ")}.`);
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value != null)) as CompressOptions;
}
