import { compress } from "../../../compress/compress.js";
import { restore } from "../../../compress/restore.js";
import type { OriginalsStore } from "../../../compress/types.js";
import type { BenchText } from "../data/read-texts.js";
import { adversarialStrings } from "../measures/adversarial-strings.js";
import { type Part, resampledShare } from "../measures/statistics.js";
import type { QualityCase, QualityRow } from "../quality-case.js";

/** Whether sources come back byte for byte, lossy results from a store and results without loss from their text alone. */
export const recovery: QualityCase = {
  name: "recovery",
  title: "Sources that come back byte for byte, and never a longer text or an exception",
  reads: [],
  async *run({ data, onText, rates }) {
    const strings = Object.entries(adversarialStrings).map(([id, text]) => ({ id, text }));
    const documents: [string, readonly Pick<BenchText, "text">[]][] = [
      ["tool output", data.all("tool_outputs")],
      ["prose", [...data.heldOut("pairs"), ...data.heldOut("prose")]],
      ["adversarial strings", strings],
    ];
    for (const [texts, sources] of documents) {
      if (sources.length === 0) continue;
      for (const rate of [...rates, undefined]) {
        const outcomes: Outcome[] = [];
        for (const { text } of sources) {
          outcomes.push(await tryText(text, rate));
          onText();
        }
        yield* describe({ case: this.name, texts, asked: rate }, outcomes);
      }
    }
  },
};

interface Outcome {
  readonly given: number;
  readonly kept: number;
  /** Undefined where the store refuses the text as an original, and the result says so: it looks like a result of brevis. */
  readonly restored: boolean | undefined;
  readonly sound: boolean;
}

/** @param rate undefined without loss */
async function tryText(text: string, rate: number | undefined): Promise<Outcome> {
  const store = keepInMemory();
  try {
    const result = await compress(text, rate === undefined ? { mode: "lossless", store } : { rate, store });
    const { original: given, compressed: kept } = result.tokens;
    const sound = result.decision !== "failed-open" && kept <= given;
    const isRefused = result.warnings.some(({ code }) => code === "store-unavailable");
    return { given, kept, sound, restored: isRefused ? undefined : (await restore(result, { store })) === text };
  } catch {
    return { given: 0, kept: 0, sound: false, restored: false };
  }
}

/** A store that lasts as long as one call: ids are running numbers of twelve digits, as markers carry them. */
function keepInMemory(): OriginalsStore {
  const texts = new Map<string, string>();
  const ids = new Map<string, string>();
  const idOf = (text: string) => {
    const id = ids.get(text) ?? String(100_000_000_000 + ids.size);
    ids.set(text, id);
    texts.set(id, text);
    return id;
  };
  return {
    idOf,
    put: async (text) => idOf(text),
    get: async (id) => texts.get(id)!,
  };
}

function* describe(
  names: { readonly case: string; readonly texts: string; readonly asked: number | undefined },
  outcomes: readonly Outcome[],
): Iterable<QualityRow> {
  const kept = outcomes.reduce((sum, row) => sum + row.kept, 0) / outcomes.reduce((sum, row) => sum + row.given, 0);
  const measures: Readonly<Record<string, (outcome: Outcome) => boolean | undefined>> = {
    "restored byte for byte": ({ restored }) => restored,
    "no longer, no fault": ({ sound }) => sound,
  };
  const contender = names.asked === undefined ? "brevis, lossless" : "brevis";
  for (const [measure, holds] of Object.entries(measures)) {
    const answers = outcomes.map(holds).filter((answer) => answer !== undefined);
    const parts = answers.map((answer): Part => [answer ? 1 : 0, 1]);
    const figures = resampledShare(parts);
    yield { ...names, contender, kept, measure, ...figures, documents: parts.length, wanted: parts.length };
  }
}
