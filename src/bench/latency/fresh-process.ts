/**
 * The program of a process that `measureFreshProcess` starts: imports brevis, calls it, and says what that took.
 *
 * Reads `{ entry, texts, options, calls }`, `entry` being the URL of brevis's main module, as JSON from standard input and writes a `FreshProcessTimes` to standard output.
 */
import { text as readAll } from "node:stream/consumers";

const { entry, texts, options, calls } = JSON.parse(await readAll(process.stdin));
const startedAt = performance.now();
const { compress } = await import(entry);
const importedAt = performance.now();
await compress(texts[0], options);
const calledAt = performance.now();
for (let call = 1; call < calls; call++) await compress(texts[call % texts.length], options);
process.stdout.write(
  JSON.stringify({
    import: importedAt - startedAt,
    firstCall: calledAt - importedAt,
    residentMegabytes: process.memoryUsage.rss() / 1e6,
  }),
);
