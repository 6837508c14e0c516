import type { LanguageModel } from "../../engine/types.js";
import { type CompressOptions, type InputCapture, kinds, levels, type OriginalsStore } from "../types.js";

/** What an option may be, as a message says it, and whether a value is that. */
export interface OptionRule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/**
 * What `compress` takes. A schema library would say it as briefly, but the one that brevis has takes as long to load as all of the
 * rest that a first call needs.
 */
export const optionRules: { readonly [Name in keyof Required<CompressOptions>]: OptionRule } = {
  rate: { expected: "a number above 0 and up to 1", accepts: (value) => isNumber(value) && value > 0 && value <= 1 },
  budget: { expected: "a whole number of tokens, 1 or more", accepts: (value) => isWhole(value) && value >= 1 },
  level: oneOf(Object.keys(levels)),
  mode: oneOf(["extractive", "lossless", "abstractive"]),
  kind: oneOf(["auto", ...kinds.filter((kind) => kind !== "mixed")]),
  query: { expected: "a string", accepts: (value) => typeof value === "string" },
  mustKeep: {
    expected: "an array of strings, none of them empty, and regular expressions",
    accepts: (value) => Array.isArray(value) && value.every((each) => each instanceof RegExp || isName(each)),
  },
  dictionary: oneOf(["on", "off", "all"]),
  legend: oneOf(["inline", "separate"]),
  target: { expected: "the name of a model", accepts: isName },
  engine: oneOf(["auto", "mlx", "cpu", "none"]),
  model: {
    expected: "a directory, a name, or a model as loadModel gives",
    accepts: (value) => isName(value) || isModel(value),
  },
  adapter: { expected: "a directory or a name", accepts: isName },
  store: { expected: "an object with idOf, put and get, as openStore gives", accepts: isStore },
  capture: { expected: "an object with record, as openCapture gives", accepts: isCapture },
  deadlineMs: { expected: "a number of milliseconds above 0", accepts: (value) => isNumber(value) && value > 0 },
  signal: { expected: "an AbortSignal", accepts: (value) => value instanceof AbortSignal },
};

function oneOf(values: readonly string[]): OptionRule {
  return {
    expected: `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
    accepts: (value) => typeof value === "string" && values.includes(value),
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isModel(value: unknown): value is LanguageModel {
  return typeof value === "object" && value !== null && typeof (value as Partial<LanguageModel>).answer === "function";
}

function isStore(value: unknown): value is OriginalsStore {
  if (typeof value !== "object" || value === null) return false;
  return ["idOf", "put", "get"].every((method) => typeof (value as Record<string, unknown>)[method] === "function");
}

function isCapture(value: unknown): value is InputCapture {
  return typeof value === "object" && value !== null && typeof (value as Partial<InputCapture>).record === "function";
}
