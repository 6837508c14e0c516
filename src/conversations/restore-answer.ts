import { replaceAt } from "../compress/messages/find-texts.js";
import { restoreCallsWith, restoreEventsWith } from "../compress/restoring/create-restorer.js";
import { restoreWholeValue } from "../compress/restoring/event-restorer.js";
import { findWhole } from "../compress/restoring/find-channels.js";
import { readAt } from "../compress/restoring/restore-values.js";
import type { OriginalsStore } from "../compress/types.js";

type Legend = Readonly<Record<string, string>>;
type Store = Pick<OriginalsStore, "get"> | undefined;

/** Restores an answer that is one JSON text; the very text where nothing changes, or nothing can be read. */
export async function restoreJsonAnswer(source: string, legend: Legend, store: Store): Promise<string> {
  try {
    const answer: unknown = JSON.parse(source);
    if (Array.isArray(answer)) return await restoreChunks(source, answer, legend, store);
    const restored = await restoreFields(answer, legend, store);
    return restored === answer ? source : JSON.stringify(restored);
  } catch {
    return source;
  }
}

async function restoreFields(answer: unknown, legend: Legend, store: Store): Promise<unknown> {
  const restoreText = restoreCallsWith(legend, store);
  let restored = answer;
  for (const { path, kind } of findWhole(answer)) {
    const value = readAt(restored, path);
    const written = await restoreWholeValue(kind, value, legend, restoreText);
    if (written !== value) restored = replaceAt(restored, path, written);
  }
  return restored;
}

/** Gemini streams a list of chunks where it is not asked for events: their texts go on from one to the next as those of events do. */
async function restoreChunks(
  source: string,
  chunks: readonly unknown[],
  legend: Legend,
  store: Store,
): Promise<string> {
  const restoring = restoreEventsWith(legend, store);
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  const restored = (await restoring.write(events)) + (await restoring.end());
  if (restored === events) return source;
  return `[${restored
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => event.slice("data: ".length))
    .join(",\n")}]`;
}
