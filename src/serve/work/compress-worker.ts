/** The thread that compresses: it takes jobs from its parent and answers each. Started by `WorkerPool`. */
import { parentPort, workerData } from "node:worker_threads";
import { compress } from "../../compress/compress.js";
import { BrevisError } from "../../errors.js";
import type { CompressJob, FromWorker, ToWorker, WorkerSettings } from "./job.js";
import { openJobCompressor, runJob } from "./run-job.js";

const settings = workerData as WorkerSettings;
const cancelledId = new Int32Array(settings.cancelled);
const compressor = openJobCompressor(settings);
const running = new Map<number, AbortController>();
const send = (message: FromWorker) => parentPort!.postMessage(message);

/** A signal that a thread deep in its work sees too: `aborted` reads the shared slot, events come by message. */
function createSignal(id: number): AbortController {
  const controller = new AbortController();
  Object.defineProperty(controller.signal, "aborted", { get: () => Atomics.load(cancelledId, 0) === id });
  return controller;
}

async function answer(id: number, job: CompressJob): Promise<void> {
  const controller = createSignal(id);
  running.set(id, controller);
  try {
    send({ id, answer: await runJob(job, compressor, settings.compress, controller.signal) });
  } catch (error) {
    const known = error instanceof BrevisError ? error : new BrevisError("internal", String(error));
    send({ id, error: { code: known.code, message: known.message, hint: known.hint } });
  } finally {
    running.delete(id);
  }
}

parentPort!.on("message", (message: ToWorker) => {
  if ("cancel" in message) running.get(message.cancel)?.abort();
  else void answer(message.id, message.job);
});

// The first call loads tokenizer and scorer: not a caller's time.
await compress("The first call of a thread loads the tokenizer, the rules and the scorer, which takes a moment.", {
  rate: 0.5,
});
send({ ready: true });
