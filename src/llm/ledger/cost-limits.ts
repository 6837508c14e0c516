import { BrevisError } from "../../errors.js";
import type { Environment } from "../registry/read-environment.js";

/** What models may cost in a day (UTC), in US dollars. */
export interface CostLimits {
  /** Calls that might pass it are not sent. */
  readonly daily: number | undefined;
  /** From here on a warning is printed, once. */
  readonly warnAt: number | undefined;
}

/** Reads COST_LIMIT_DAILY_USD and COST_WARN_THRESHOLD_USD. */
export function readCostLimits(environment: Environment): CostLimits {
  return {
    daily: readDollars(environment, "COST_LIMIT_DAILY_USD"),
    warnAt: readDollars(environment, "COST_WARN_THRESHOLD_USD"),
  };
}

function readDollars(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const dollars = Number(text);
  if (Number.isFinite(dollars) && dollars >= 0) return dollars;
  throw new BrevisError("invalid-option", `Expected ${name} to be an amount of US dollars but got "${text}".`);
}
