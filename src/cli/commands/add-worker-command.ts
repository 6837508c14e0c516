import type { Command } from "commander";
import { positiveNumber } from "./parse-number.js";

/** Everything that `brevis worker` takes. */
export interface WorkerFlags {
  queue: string;
  concurrency: number;
  /** Seconds. */
  silence: number;
  quiet?: boolean;
}

const details = `
Commands with --queue hand their tasks to a Redis server, and any number of workers, on any number of machines, do them. A worker reads
keys, limits and folders from its own environment and .env: workers of one machine share answers and one daily limit.

Interrupt it (Ctrl-C) and it takes no more, finishes what it has begun, and ends; interrupt it twice and it ends at once. What a worker that
dies had begun goes to others.

Examples:
  $ brevis worker --queue redis://localhost:6379
  $ brevis compress --jsonl records.jsonl --queue redis://localhost:6379 -o out.jsonl`;

/** `brevis worker`. */
export function addWorkerCommand(program: Command): void {
  program
    .command("worker")
    .summary("do tasks of commands that were given --queue")
    .description("Takes tasks from a queue and does them, until it is interrupted.")
    .requiredOption("--queue <URL>", "the Redis server: redis://HOST:PORT")
    .option("--concurrency <N>", "tasks of each kind at once", positiveNumber, 8)
    .option("--silence <SECONDS>", "how long a worker may be silent before its tasks go to others", positiveNumber, 30)
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText("after", details)
    .action(async (flags: WorkerFlags) => {
      const { runWorker } = await import("./worker/run-worker.js");
      return runWorker(flags);
    });
}
