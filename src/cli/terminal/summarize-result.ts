import type { CompressResult } from "../../compress/types.js";
import { errorColours } from "./terminal-colours.js";

/** Whether a person watches standard error, or asked for remarks. */
export function wantsRemarks(flags: { verbose?: boolean; quiet?: boolean }): boolean {
  return !flags.quiet && (flags.verbose === true || process.stderr.isTTY === true);
}

/** One line about a result: `log 12,345 -> 3,210 tokens (26 %, 3.8x), lossy, 12 ms`. */
export function summarizeResult(result: CompressResult, name: string): string {
  const { tokens, rate, ratio, loss, decision, kind, timings } = result;
  const colours = errorColours();
  const about = tokens.exact ? "" : "about ";
  const change = `${about}${formatCount(tokens.original)} -> ${colours.bold(formatCount(tokens.compressed))} tokens`;
  const outcome = decision === "compressed" ? `loss ${loss}` : decision;
  const parts = [
    `${change} (${formatShare(rate)}, ${ratio.toFixed(1)}x)`,
    kind,
    outcome,
    `${Math.round(timings.total ?? 0)} ms`,
  ];
  if (result.id !== undefined) parts.push(`\`brevis restore ${result.id}\` gives the original`);
  return `${colours.dim(`${name}:`)} ${parts.join(", ")}`;
}

/** 1234567 -> `1,234,567`. */
export function formatCount(value: number): string {
  return value.toLocaleString("en-US");
}

/** 0.26 -> `26 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
