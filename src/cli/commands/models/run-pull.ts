import { resolve } from "node:path";
import { isModelName, pulledModelPath } from "../../../engine/models/resolve-model-path.js";
import { BrevisError } from "../../../errors.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { reportError, reportWarning } from "../../terminal/report-error.js";
import type { PullModelFlags } from "../add-models-command.js";
import { formatBytes } from "./format-bytes.js";
import { type HubSettings, readHubSettings } from "./hub-settings.js";
import { readManifest } from "./model-manifest.js";
import { type PulledModel, pullModel, stagingFolder } from "./pull-model.js";
import { startDownloadProgress } from "./start-download-progress.js";

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
type EndingSignal = keyof typeof signalNumbers;

/** `brevis models pull NAME` */
export async function runPull(name: string, flags: PullModelFlags): Promise<void> {
  if (!isModelName(name)) throw notAName(name);
  const settings = sayWhenWaiting(readHubSettings(), flags.quiet === true || flags.json === true);
  const entry = (await readManifest()).find((model) => model.name === name);
  const revision = flags.revision ?? entry?.revision ?? "main";
  const target = flags.dir === undefined ? pulledModelPath(name) : resolve(flags.dir);
  const interrupt = watchForInterrupt();
  const progress = startDownloadProgress(name, !flags.quiet && !flags.json);
  try {
    const model = await pullModel(
      { name, revision, target, force: flags.force === true },
      { settings, signal: interrupt.signal, onStart: progress.start, onBytes: progress.advance },
    );
    progress.stop();
    await reportPulled(model, flags);
  } catch (error) {
    progress.stop();
    if (interrupt.received === undefined) throw error;
    const stopped = explainInterrupt(name, target, progress.done(), progress.total());
    if (interrupt.received === "SIGINT") throw stopped;
    reportError(stopped);
    process.exitCode = 128 + signalNumbers[interrupt.received];
  } finally {
    interrupt.stop();
  }
}

function sayWhenWaiting(settings: HubSettings, quiet: boolean): HubSettings {
  if (quiet) return settings;
  const wait: HubSettings["wait"] = (ms, signal, reason) => {
    const seconds = Math.ceil(ms / 1000);
    reportWarning(`${reason.message} Trying again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`);
    return settings.wait(ms, signal, reason);
  };
  return { ...settings, wait };
}

async function reportPulled(model: PulledModel, { json, quiet }: PullModelFlags): Promise<void> {
  const { name, revision, commit, directory, status, bytes, files } = model;
  if (json) {
    const content = { name, revision, commit, directory, status, bytes, files: files.map((file) => file.name) };
    return writeStandardOutput(`${JSON.stringify(content)}\n`);
  }
  if (!quiet) {
    const done = status === "pulled" ? `pulled, ${formatBytes(bytes)}, checksums agree` : "is there already";
    process.stderr.write(`${name} at ${commit.slice(0, 12)}: ${done}\n`);
  }
  await writeStandardOutput(`${directory}\n`);
}

interface Interrupt {
  readonly signal: AbortSignal;
  readonly received: EndingSignal | undefined;
  stop(): void;
}

/** A first signal ends the pull in good order; a second one has its usual, immediate effect. */
function watchForInterrupt(): Interrupt {
  const controller = new AbortController();
  const names = Object.keys(signalNumbers) as EndingSignal[];
  let received: EndingSignal | undefined;
  const onSignal = (signal: EndingSignal) => {
    received = signal;
    stop();
    controller.abort();
  };
  const stop = () => {
    for (const name of names) process.off(name, onSignal);
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get received() {
      return received;
    },
    stop,
  };
}

function explainInterrupt(name: string, target: string, done: number, total: number): BrevisError {
  const kept =
    total === 0 ? "" : ` ${formatBytes(done)} of ${formatBytes(total)} are kept in ${stagingFolder(target)}.`;
  const hint = "Run the same command again: it goes on from there.";
  return new BrevisError("aborted", `The pull of ${name} was interrupted.${kept}`, { hint });
}

function notAName(name: string): BrevisError {
  const message = `Expected a model's name on the Hub, such as Qwen/Qwen3-0.6B, but received ${JSON.stringify(name)}.`;
  return new BrevisError("invalid-option", message, { hint: "`brevis models list` shows names." });
}
