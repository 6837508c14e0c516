/**
 * Opens one model in a process of its own and says how long that took and what it holds in memory:
 *
 *   node footprint-process.js MODEL_DIRECTORY
 */
import { readFileSync } from "node:fs";
import { openEngineModel } from "../../../dist/engine/native/open-engine-model.js";
import type { EngineModel } from "../../../dist/engine/types.js";
import { randomTokens } from "../models/random-values.js";

/** Milliseconds and bytes; memory is what the whole process holds, Node included. */
export interface Footprint {
  /** From the start of open until the model takes calls. */
  readonly open: number;
  /** Of that, processor time: what it would take on a machine without other work. */
  readonly openProcessor: number;
  /** From the start of open until a call on one token has answered, which reads every weight. */
  readonly firstCall: number;
  readonly weightBytes: number;
  readonly residentBefore: number;
  /** After a prompt of 512 and 16 tokens generated, whose keys and values the session still holds. */
  readonly resident: number;
  readonly residentPeak: number;
  /** When the session is closed; for a keep model the same as `resident`. */
  readonly residentAfter: number;
}

async function measure(directory: string): Promise<Footprint> {
  const residentBefore = process.memoryUsage.rss();
  const usageBefore = process.cpuUsage();
  const startedAt = performance.now();
  const model = await openEngineModel(directory);
  const open = performance.now() - startedAt;
  const usage = process.cpuUsage(usageBefore);
  const openProcessor = (usage.user + usage.system) / 1000;
  const work = model.info.task === "keep" ? runKeep(model) : await openGeneration(model);
  await work.run(1, 1);
  const firstCall = performance.now() - startedAt;
  await work.run(512, 16);
  const resident = process.memoryUsage.rss();
  await work.close();
  const { weightBytes } = model.info;
  const residentAfter = process.memoryUsage.rss();
  return {
    open,
    openProcessor,
    firstCall,
    weightBytes,
    residentBefore,
    resident,
    residentPeak: readPeak(),
    residentAfter,
  };
}

interface Work {
  run(tokens: number, generated: number): Promise<unknown>;
  close(): Promise<void>;
}

function runKeep(model: EngineModel): Work {
  const run = (tokens: number) => model.keep([{ tokens: randomTokens("footprint", tokens, model.info.vocabulary) }]);
  return { run, close: async () => {} };
}

async function openGeneration(model: EngineModel): Promise<Work> {
  const session = await model.openSession();
  const run = (tokens: number, maxTokens: number) =>
    session.generate(randomTokens("footprint", tokens, model.info.vocabulary), { maxTokens }).report;
  return { run, close: () => session.dispose() };
}

/** Linux counts it by itself, other systems in getrusage, in kilobytes either way. */
function readPeak(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

console.log(JSON.stringify(await measure(process.argv[2]!)));
