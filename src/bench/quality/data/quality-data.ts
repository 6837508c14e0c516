import { groupDocuments, splitOf } from "./group-documents.js";
import { type BenchText, readTexts, type TextSource } from "./read-texts.js";

/** The texts of a data folder. */
export interface QualityData {
  /** Texts of a source that no weights were trained on and no training chose by. */
  heldOut(source: TextSource): readonly BenchText[];
  /** All texts of a source, for what no training touches. */
  all(source: TextSource): readonly BenchText[];
}

/**
 * @param limit texts of each source and group at most, the first ones
 * @throws {BrevisError} as `readTexts`
 */
export async function openQualityData(folder: string, limit = Number.POSITIVE_INFINITY): Promise<QualityData> {
  const texts = await readTexts(folder);
  let documents: readonly string[] | undefined;
  return {
    all: (source) =>
      firstOfGroups(
        texts.filter((text) => text.source === source),
        limit,
      ),
    heldOut: (source) => {
      documents ??= groupDocuments(texts);
      const isHeldOut = (text: BenchText, at: number) => text.source === source && splitOf(documents![at]!) === "dev";
      return firstOfGroups(texts.filter(isHeldOut), limit);
    },
  };
}

function firstOfGroups(texts: readonly BenchText[], limit: number): readonly BenchText[] {
  const counts = new Map<string | undefined, number>();
  return texts.filter(({ group }) => {
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count <= limit;
  });
}
