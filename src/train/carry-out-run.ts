import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { BrevisError } from "../errors.js";
import { lockFile } from "../files/lock-file.js";
import { writeWholeFile } from "../files/open-whole-file.js";
import type { TrainingRun } from "./run-folder.js";

/**
 * Trains in a run's folder, alone there, and writes down how that ended: done, interrupted, or failed and why.
 *
 * @param close writes the run's record, and what belongs to a run that ended
 * @param train does the work; where it gives a record, that is the one which is written when it is done
 * @throws {BrevisError} `aborted` as it is; what else ends the run with the log's place in its hint
 */
export async function carryOutRun(
  folder: string,
  run: TrainingRun,
  close: (folder: string, run: TrainingRun) => Promise<void>,
  train: () => Promise<TrainingRun | undefined>,
): Promise<void> {
  const unlock = await lockFile(join(folder, "lock"), "trains in this folder");
  try {
    const trained = await train();
    await close(folder, { ...(trained ?? run), status: "done" });
  } catch (error) {
    const isAbort = error instanceof BrevisError && error.code === "aborted";
    const failure = error instanceof Error ? error.message : String(error);
    const ended = isAbort ? { status: "interrupted" as const } : { status: "failed" as const, failure };
    // What ended the run is told, also where a full disk keeps it from being written down.
    await close(folder, { ...run, ...ended }).catch(() => {});
    throw isAbort ? error : nameLog(error, folder);
  } finally {
    await unlock();
  }
}

/** Writes what a trainer is told: the run's settings and where its files lie. @returns the file's path */
export async function writeDriver(
  folder: string,
  { settings, seed, model }: Pick<TrainingRun, "settings" | "seed"> & Partial<Pick<TrainingRun, "model">>,
): Promise<string> {
  const path = join(folder, "driver.json");
  const driver = { ...settings, ...(model !== undefined && { model }), seed, run: folder, data: join(folder, "data") };
  await writeWholeFile(path, `${JSON.stringify(driver, null, 2)}\n`);
  return path;
}

/** Every fault of a run is in its log, and names it. */
export function nameLog(error: unknown, folder: string): unknown {
  if (!(error instanceof BrevisError)) return error;
  const log = join(folder, "trainer.log");
  if (error.hint?.includes(log)) return error;
  try {
    appendFileSync(log, `${error.message}\n`);
  } catch {
    return error;
  }
  const hint = `${error.hint === undefined ? "" : `${error.hint} `}The log is ${log}.`;
  return new BrevisError(error.code, error.message, { hint, cause: error });
}
