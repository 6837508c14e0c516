import { compress } from "../../../compress/compress.js";
import { expandAliases } from "../../../compress/text/legend.js";
import type { CompressOptions } from "../../../compress/types.js";
import { BrevisError } from "../../../errors.js";
import type { Contender } from "./contender.js";

/** `compress()` as an application calls it. */
export function compressByBrevis(options: CompressOptions = {}, name = "brevis"): Contender {
  return {
    name,
    async compress({ text, query }, rate) {
      const result = await compress(text, { rate, ...(query !== undefined && { query }), ...options });
      const { tokens, legend, segments, warnings, scorer, decision } = result;
      if (decision === "failed-open") {
        throw new BrevisError("internal", `Expected a result but the call failed open: ${warnings[0]?.message}`);
      }
      return {
        text: expandAliases(result.text, legend),
        given: tokens.original,
        kept: tokens.compressed,
        omitted: segments.flatMap(({ omitted }) => omitted),
        atFloor: warnings.some(({ code }) => code === "budget-unreachable"),
        scorer,
      };
    },
  };
}
