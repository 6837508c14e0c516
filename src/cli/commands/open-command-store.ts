import type { OriginalsStore } from "../../compress/types.js";
import { reportWarning } from "../terminal/report-error.js";

/**
 * The store that a command keeps originals in: the one of `--store`, else the user's; none with `--no-store`.
 * The user's own store may fail, and the text is compressed all the same; one that was asked for may not.
 *
 * @param choice as commander gives it: a folder, `true` where nothing was said, `false` for `--no-store`
 */
export async function openCommandStore(choice: string | boolean, quiet = false): Promise<OriginalsStore | undefined> {
  if (choice === false) return undefined;
  const { openStore } = await import("../../store/open-store.js");
  if (typeof choice === "string") return openStore({ path: choice });
  try {
    return openStore();
  } catch (error) {
    if (!quiet) reportWarning(`What is left out is not kept: ${(error as Error).message}`);
    return undefined;
  }
}
