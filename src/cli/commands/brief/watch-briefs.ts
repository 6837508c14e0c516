import { watch } from "chokidar";
import { isBriefName } from "../../../briefs/files/find-briefs.js";
import { reportError } from "../../terminal/report-error.js";
import type { BriefCompressFlags } from "../add-brief-command.js";
import { compressBriefs } from "./compress-briefs.js";
import type { BriefSettings } from "./open-brief-settings.js";

/** Milliseconds without a further write after which a brief counts as written. */
const settled = 200;

/** `--watch`: compresses each brief again when it changes, until SIGINT or SIGTERM. What fails is told of, and watching goes on. */
export async function watchBriefs(
  paths: readonly string[],
  settings: BriefSettings,
  flags: BriefCompressFlags,
): Promise<void> {
  const named = new Set(paths);
  const watcher = watch([...paths], {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: settled, pollInterval: 50 },
    ignored: (path, stats) =>
      /[\\/](?:node_modules|\.git)(?:[\\/]|$)/u.test(path) ||
      (stats?.isFile() === true && !named.has(path) && !isBriefName(path)),
  });
  // One after the other: a brief that changes twice is compressed twice, in order.
  let last = Promise.resolve();
  const again = (path: string) => {
    last = last.then(() => compressBriefs([path], settings, flags)).catch((error: unknown) => void reportError(error));
  };
  watcher.on("change", again).on("add", again);
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  process.stderr.write("brevis: watching for changes\n");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await watcher.close();
  await last;
}
