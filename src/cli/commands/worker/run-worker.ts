import { once } from "node:events";
import { startQueueWorker } from "../../../queue/start-queue-worker.js";
import { reportWarning } from "../../terminal/report-error.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { WorkerFlags } from "../add-worker-command.js";
import { taskKinds } from "./task-kinds.js";

/** `brevis worker`: works until it is interrupted, then finishes what it has begun. */
export async function runWorker({ concurrency, queue, quiet, silence }: WorkerFlags): Promise<void> {
  let done = 0;
  let failed = 0;
  const worker = await startQueueWorker({
    queue,
    concurrency,
    silence: silence * 1000,
    kinds: taskKinds,
    onDone: (kind, key, error) => {
      done++;
      if (error === undefined) return;
      failed++;
      if (!quiet) reportWarning(`${kind} ${key}: ${error}`);
    },
  });
  if (!quiet) process.stderr.write(`Takes ${Object.keys(taskKinds).join(", ")}; Ctrl-C ends it.\n`);
  await nextInterrupt();
  const finished = worker.close();
  await Promise.race([finished, nextInterrupt().then(() => worker.close(true))]);
  if (!quiet) process.stderr.write(`${formatCount(done)} tasks done, ${formatCount(failed)} of them failed.\n`);
}

async function nextInterrupt(): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  const interrupts = (["SIGINT", "SIGTERM"] as const).map((name) => once(process, name, { signal }));
  await Promise.race(interrupts);
  for (const interrupt of interrupts) interrupt.catch(() => {});
  ended.abort();
}
