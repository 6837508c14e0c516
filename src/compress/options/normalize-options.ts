import { z } from "zod";
import type { LanguageModel } from "../../engine/types.js";
import { BrevisError } from "../../errors.js";
import {
  type CompressOptions,
  type InputCapture,
  kinds,
  levels,
  type Mode,
  type OriginalsStore,
  type SegmentKind,
} from "../types.js";

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

const isStore = (value: unknown): value is OriginalsStore =>
  typeof value === "object" &&
  value !== null &&
  ["idOf", "put", "get"].every((method) => typeof (value as Record<string, unknown>)[method] === "function");

const isCapture = (value: unknown): value is InputCapture =>
  typeof value === "object" && value !== null && typeof (value as Partial<InputCapture>).record === "function";

const isModel = (value: unknown): value is LanguageModel =>
  typeof value === "object" && value !== null && typeof (value as Partial<LanguageModel>).answer === "function";

const optionsSchema = z
  .strictObject({
    rate: z.number().gt(0).lte(1),
    budget: z.int().gte(1),
    level: z.enum(Object.keys(levels) as [keyof typeof levels]),
    mode: z.enum(["extractive", "lossless", "abstractive"]),
    kind: z.enum(["auto", ...kinds.filter((kind) => kind !== "mixed")]),
    query: z.string(),
    mustKeep: z.array(z.union([z.string().min(1), z.instanceof(RegExp)])),
    dictionary: z.enum(["on", "off", "all"]),
    legend: z.enum(["inline", "separate"]),
    target: z.string().min(1),
    engine: z.enum(["auto", "mlx", "cpu", "none"]),
    model: z.union(
      [z.string().min(1), z.custom<LanguageModel>(isModel)],
      "expected a directory, a name, or a model as loadModel gives",
    ),
    adapter: z.string().min(1),
    store: z.custom<OriginalsStore>(isStore, "expected an object with idOf, put and get, as openStore gives"),
    capture: z.custom<InputCapture>(isCapture, "expected an object with record, as openCapture gives"),
    deadlineMs: z.number().positive(),
    signal: z.instanceof(AbortSignal),
  })
  .partial();

/**
 * Fills in defaults and refuses what cannot be meant.
 *
 * @throws {BrevisError} `invalid-option`, naming the option, what was expected and what arrived.
 */
export function normalizeOptions(options: CompressOptions = {}): NormalizedOptions {
  const given = definedOnly(options);
  const parsed = optionsSchema.safeParse(given);
  if (!parsed.success) throw invalidOption(parsed.error, given);
  const { rate, budget, level, ...rest } = parsed.data;
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
    mustKeep: rest.mustKeep ?? [],
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

function definedOnly(options: CompressOptions): Record<string, unknown> {
  if (typeof options !== "object" || options === null) {
    throw new BrevisError("invalid-option", `Expected options to be an object but received ${describe(options)}.`);
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function invalidOption(error: z.ZodError, given: Record<string, unknown>): BrevisError {
  const issue = error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(optionsSchema.shape).join(", ");
    return new BrevisError("invalid-option", `Expected options among ${known} but received ${issue.keys.join(", ")}.`);
  }
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], given);
  return new BrevisError(
    "invalid-option",
    `Option ${issue.path.join(".")}: ${issue.message}; received ${describe(value)}.`,
    { cause: error },
  );
}

/** A value as an error message shows it: short, and never a whole document. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined)
    return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
