/**
 * `brevis bench latency`, as a script beside the sources: how long compress() takes on this machine, and what it holds. It takes the same flags.
 *
 *     npm run bench:latency -- --sizes 500 2000
 *     node scripts/latency-bench.ts --json > latency.json      (Node 22.18 or later, which runs TypeScript; after npm run build)
 */
import { runCommandLine } from "#command-line";

process.exitCode = await runCommandLine(["bench", "latency", ...process.argv.slice(2)]);
