import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BrevisError } from "../errors.js";
import { openJsonLines } from "../files/append-json-lines.js";
import { metricSchema, type TrainingMetric } from "./run-folder.js";

/** How long a trainer may take to end once it was told to, in milliseconds. */
const patience = 20_000;

/**
 * Runs a trainer's driver to its end: what it says goes to `metrics.jsonl`, all that its libraries print to `trainer.log`, both in the run's
 * folder.
 *
 * @param command the interpreter, the driver's file and its arguments
 * @param onMetric told of each thing that the driver says
 * @throws {BrevisError} `aborted` when the signal fired, `internal` with the log's path and last line when the trainer failed
 */
export async function runTrainer(
  folder: string,
  command: readonly [interpreter: string, ...rest: string[]],
  { onMetric, signal }: { onMetric?: (metric: TrainingMetric) => void; signal?: AbortSignal },
): Promise<void> {
  signal?.throwIfAborted();
  const log = join(folder, "trainer.log");
  const metrics = await openJsonLines(join(folder, "metrics.jsonl"), { sync: "close" });
  const [interpreter, ...rest] = command;
  const child = spawn(interpreter, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C in the terminal reaches this process, which ends the trainer in order.
    detached: process.platform !== "win32",
    env: { ...process.env, PYTHONUNBUFFERED: "1", HF_HUB_OFFLINE: "1", TOKENIZERS_PARALLELISM: "false" },
  });
  const ended = new Promise<TrainerEnd>((resolve) => {
    child.once("error", (notStarted) => resolve({ code: null, killed: null, notStarted }));
    child.once("close", (code, killed) => resolve({ code, killed }));
  });
  let force: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGINT");
    force = setTimeout(() => child.kill("SIGKILL"), patience);
  };
  signal?.addEventListener("abort", stop, { once: true });
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  child.stderr.pipe(createWriteStream(log, { flags: "a" }));
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const metric = readMetric(line);
      if (metric === undefined) continue;
      await metrics.append(metric);
      onMetric?.(metric);
    }
    const end = await ended;
    if (end.notStarted !== undefined) throw noInterpreter(interpreter, end.notStarted);
    if (signal?.aborted) throw new BrevisError("aborted", "The training was interrupted.", { cause: signal.reason });
    if (end.code !== 0) throw await trainerFailed(log, end);
  } finally {
    clearTimeout(force);
    signal?.removeEventListener("abort", stop);
    process.off("exit", endWithUs);
    child.kill("SIGKILL");
    await metrics.close();
  }
}

/** How a trainer's process ended, or that it did not begin. */
interface TrainerEnd {
  readonly code: number | null;
  readonly killed: NodeJS.Signals | null;
  readonly notStarted?: Error;
}

/** Python writes NaN, which JSON does not have. */
function readMetric(line: string): TrainingMetric | undefined {
  try {
    return metricSchema.parse(JSON.parse(line.replace(/\b(?:NaN|-?Infinity)\b/gu, "null")));
  } catch {
    return undefined;
  }
}

function noInterpreter(interpreter: string, cause: Error): BrevisError {
  return new BrevisError(
    "model-missing",
    `Expected Python at ${interpreter} but it cannot be started: ${cause.message}`,
    {
      hint: "Check BREVIS_PYTHON, or leave it out: brevis then sets up a Python of its own.",
      cause,
    },
  );
}

/** Signals that end a process which the system gives no more memory. */
const memorySignals: ReadonlySet<string | null> = new Set(["SIGKILL", "SIGABRT", "SIGSEGV", "SIGBUS"]);
const memoryWords =
  /out of memory|OutOfMemory|MemoryError|bad_alloc|(?:can't|cannot|unable to) (?:start new thread|allocate)|failed to map segment|insufficient memory/iu;
const diskWords = /No space left|ENOSPC|Disk quota exceeded/iu;
/** How Python, and the C++ beneath it, say what ended them. */
const verdict = /^(?:[\w.]+(?:Error|Exception|Exit|Interrupt)\b|terminate called|Expected )/u;

async function trainerFailed(log: string, { code, killed }: TrainerEnd): Promise<BrevisError> {
  const content = (await readFile(log, "utf8").catch(() => "")).replace(escapes, "");
  const lines = content.split("\n").filter((line) => line.trim() !== "");
  const last = lines.findLast((line) => verdict.test(line)) ?? lines.at(-1) ?? "it printed nothing";
  const end = killed === null ? `with exit code ${code}` : `by ${killed}`;
  const tail = lines.slice(-40).join("\n");
  const advice = diskWords.test(tail)
    ? "Free some space, then go on with --resume."
    : memorySignals.has(killed) || memoryWords.test(tail)
      ? "The machine's memory may not do: try a smaller --batch-size or --max-tokens in a new run."
      : undefined;
  const hint = `${advice === undefined ? "" : `${advice} `}The whole log is ${log}.`;
  return new BrevisError("internal", `Expected the trainer to finish but it ended ${end}: ${last.trim()}`, { hint });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/gu;
