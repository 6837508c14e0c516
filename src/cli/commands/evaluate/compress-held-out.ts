import { loadTokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import { openCompressor } from "../../../evaluate/compressors/open-compressors.js";
import { type HeldOutText, measureText, type TextMeasure } from "../../../evaluate/measure-texts.js";
import type { EvaluateSettings } from "../../../evaluate/settings.js";
import type { WholeFile } from "../../../files/open-whole-file.js";
import type { PairToValidate } from "../../../validate/run/plan-cells.js";

/** What compressing all texts came to. */
export interface CompressedTexts {
  readonly measures: readonly TextMeasure[];
  /** Calls of compressors that failed: such texts have no measure of them. */
  readonly failures: readonly { readonly compressor: string; readonly id: string; readonly reason: string }[];
}

/** Compresses every text with every compressor, and writes the pairs that models are tried with. */
export async function compressHeldOut(
  texts: readonly HeldOutText[],
  names: readonly string[],
  settings: EvaluateSettings,
  pairs: WholeFile,
  onText: () => void,
): Promise<CompressedTexts> {
  const counter = await loadTokenCounter();
  const measures: TextMeasure[] = [];
  const failures: CompressedTexts["failures"][number][] = [];
  const tools = { counter, seed: settings.bootstrap.seed, commandTimeout: settings.commandTimeout };
  for (const name of names) {
    const compressor = openCompressor(name, tools);
    try {
      for (const text of texts.slice(0, settings.warmUp))
        await compressor.compress(text.text, text.query).catch(() => {});
      for (const text of texts) {
        const done = await measureText(compressor, text, counter).catch((error: unknown) => {
          if (error instanceof BrevisError && error.code !== "remote-failed") throw error;
          failures.push({
            compressor: name,
            id: text.id,
            reason: error instanceof Error ? error.message : String(error),
          });
        });
        onText();
        if (done === undefined) continue;
        measures.push(done.measure);
        // No model can be tried with nothing: that is told rather than left out of the share in silence.
        if (done.compressed.trim() === "") {
          failures.push({ compressor: name, id: text.id, reason: "it left nothing of the text" });
        } else await pairs.write(`${JSON.stringify(pairOf(text, name, done.compressed, done.measure))}\n`);
      }
    } finally {
      await compressor.close();
    }
  }
  return { measures, failures };
}

function pairOf(text: HeldOutText, compressor: string, compressed: string, { tokens }: TextMeasure): PairToValidate {
  const { id, document, domain, language, tasks } = text;
  return {
    ...{ id, domain, source: "held-out", verbose: text.text, compressed, compressor },
    rate: Math.min(1, Math.max(tokens.compressed / tokens.verbose, 1e-6)),
    tokens: { verbose: Math.max(1, tokens.verbose), compressed: Math.max(1, tokens.compressed) },
    provenance: { source: "held-out", document },
    ...(language !== undefined && { language }),
    ...(tasks !== undefined && { tasks }),
  };
}
