import { createCompressor } from "../../../compress/create-compressor.js";
import type { CompressResult } from "../../../compress/types.js";
import type { TaskKind } from "../../../queue/task.js";
import { type CompressFlags, readCompressOptions } from "../compress-flags.js";
import { openCommandStore } from "../open-command-store.js";

/** How records are compressed: the command's flags. Files and folders that they name are the worker's. */
export type CompressSetup = CompressFlags & { readonly store: string | boolean };

/** Compresses the text of one record. */
export const compressKind: TaskKind<CompressSetup, string, CompressResult> = {
  name: "compress",
  async open(setup) {
    const store = await openCommandStore(setup.store, true);
    const options = { ...readCompressOptions(setup), ...(store === undefined ? {} : { store }) };
    const compressor = createCompressor();
    return {
      run: (text, { signal }) => compressor.compress(text, { ...options, signal }),
      close: () => compressor.dispose(),
    };
  },
};
