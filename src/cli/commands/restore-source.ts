import { isRestorable, type RestorableResult, restore } from "../../compress/restore.js";
import type { OriginalsStore } from "../../compress/types.js";
import { BrevisError } from "../../errors.js";
import { openStore } from "../../store/open-store.js";
import { openOutput } from "../files/open-output.js";
import { readInput } from "../files/read-input.js";
import type { RestoreFlags } from "./add-restore-command.js";

/** `brevis restore SOURCE`. */
export async function restoreSource(source: string, flags: RestoreFlags): Promise<void> {
  const text = await restoreAny(source, openLate(flags.store));
  const output = await openOutput(flags.output);
  try {
    await output.write(text);
    await output.commit();
  } finally {
    await output.discard();
  }
}

async function restoreAny(source: string, store: Pick<OriginalsStore, "get">): Promise<string> {
  if (/^\d{12}$/u.test(source)) return store.get(source);
  const content = await readInput(source);
  return restore(readResult(content) ?? content, { store });
}

/** A result that was printed by `--json`, alone or in a record; undefined for a text. */
function readResult(content: string): RestorableResult | undefined {
  if (!content.trimStart().startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    refuseSeveral(content);
    return undefined;
  }
  if (isRestorable(value)) return value;
  const { result } = value as { result?: unknown };
  return isRestorable(result) ? result : undefined;
}

/** Several results, one a line, are no text: markers inside JSON strings would come back unescaped. */
function refuseSeveral(content: string): void {
  const [first, second] = content.trim().split("\n", 2);
  if (second?.startsWith("{") && readResult(first!) !== undefined) {
    throw new BrevisError("invalid-input", "Expected one result but received several, one a line.", {
      hint: "Restore them one by one, e.g. each line of: jq -c . results.jsonl",
    });
  }
}

/** The store is opened for the first id: a result that lost nothing needs none. */
function openLate(path: string | undefined): Pick<OriginalsStore, "get"> {
  return { get: async (id) => openStore(path === undefined ? {} : { path }).get(id) };
}
