import type { LanguageModel } from "../../engine/types.js";
import { BrevisError } from "../../errors.js";
import {
  type CompressOptions,
  type InputCapture,
  levels,
  type Mode,
  type OriginalsStore,
  type SegmentKind,
} from "../types.js";
import { optionRules } from "./option-rules.js";

/** Options with every default filled in, and rate, budget and level brought to one form. */
export interface NormalizedOptions {
  /** How far to go: a share of the tokens given, or an absolute number of tokens. */
  readonly goal: { readonly rate: number } | { readonly budget: number };
  readonly mode: Mode;
  readonly kind: SegmentKind | undefined;
  readonly query: string | undefined;
  readonly mustKeep: readonly (string | RegExp)[];
  readonly dictionary: "on" | "off" | "all";
  readonly legend: "inline" | "separate";
  readonly target: string | undefined;
  readonly engine: "auto" | "mlx" | "cpu" | "none";
  readonly model: string | LanguageModel | undefined;
  readonly adapter: string | undefined;
  readonly store: OriginalsStore | undefined;
  readonly capture: InputCapture | undefined;
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Fills in defaults and refuses what cannot be meant.
 *
 * @throws {BrevisError} `invalid-option`, naming the option, what was expected and what arrived.
 */
export function normalizeOptions(options: CompressOptions = {}): NormalizedOptions {
  const given = readGiven(options);
  const { rate, budget, level, ...rest } = given;
  const goals = Object.entries({ rate, budget, level }).filter(([, value]) => value !== undefined);
  if (goals.length > 1) {
    const received = goals.map(([name, value]) => `${name}: ${value}`).join(", ");
    throw new BrevisError("invalid-option", `Expected one of rate, budget and level but received ${received}.`);
  }
  if (typeof rest.model === "object" && rest.mode !== "abstractive") {
    const message = `Option model: expected a model's directory or name in mode ${rest.mode ?? "extractive"} but received a loaded model.`;
    throw new BrevisError("invalid-option", message, {
      hint: 'Models of loadModel write: give them with mode "abstractive".',
    });
  }
  return {
    goal: budget === undefined ? { rate: rate ?? levels[level ?? "balanced"] } : { budget },
    mode: rest.mode ?? "extractive",
    kind: rest.kind === "auto" ? undefined : (rest.kind as SegmentKind | undefined),
    query: rest.query,
    mustKeep: [...(rest.mustKeep ?? [])],
    dictionary: rest.dictionary ?? "on",
    legend: rest.legend ?? "inline",
    target: rest.target,
    engine: rest.engine ?? "auto",
    model: rest.model,
    adapter: rest.adapter,
    store: rest.store,
    capture: rest.capture,
    deadlineMs: rest.deadlineMs,
    signal: rest.signal,
  };
}

/** The options that are not undefined, each of which is what it may be. */
function readGiven(options: CompressOptions): CompressOptions {
  if (typeof options !== "object" || options === null) {
    throw new BrevisError("invalid-option", `Expected options to be an object but received ${describe(options)}.`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.flatMap(([name]) => (Object.hasOwn(optionRules, name) ? [] : [name]));
  if (unknown.length > 0) {
    const known = Object.keys(optionRules).join(", ");
    throw new BrevisError("invalid-option", `Expected options among ${known} but received ${unknown.join(", ")}.`);
  }
  for (const [name, value] of given) {
    const { expected, accepts } = optionRules[name as keyof CompressOptions];
    if (accepts(value)) continue;
    throw new BrevisError("invalid-option", `Option ${name}: expected ${expected} but received ${describe(value)}.`);
  }
  return Object.fromEntries(given);
}

/** A value as an error message shows it: short, and never a whole document. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined)
    return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
