/**
 * Opens one model in a process of its own and says how long that took and what it holds in memory:
 *
 *   node footprint-process.js MODEL_DIRECTORY
 */
import { readFileSync } from "node:fs";
import { openEngineModel } from "../../../dist/engine/native/open-engine-model.js";
import { randomTokens } from "../models/random-values.js";

/** Milliseconds and bytes. */
export interface Footprint {
  /** From the start of open until the model takes calls. */
  readonly open: number;
  /** From the start of open until a call on one token has answered, which reads every weight. */
  readonly firstCall: number;
  readonly weightBytes: number;
  /** Resident memory of the whole process, Node included: before open, after a prompt of 512 and 16 tokens, and the most there ever was. */
  readonly residentBefore: number;
  readonly resident: number;
  readonly residentPeak: number;
}

async function measure(directory: string): Promise<Footprint> {
  const residentBefore = process.memoryUsage.rss();
  const startedAt = performance.now();
  const model = await openEngineModel(directory);
  const open = performance.now() - startedAt;
  const work = async (tokens: number, generated: number) => {
    const prompt = randomTokens("footprint", tokens, model.info.vocabulary);
    if (model.info.task === "keep") return model.keep([{ tokens: prompt }]);
    const session = await model.openSession();
    return session.generate(prompt, { maxTokens: generated }).report;
  };
  await work(1, 1);
  const firstCall = performance.now() - startedAt;
  await work(512, 16);
  const resident = process.memoryUsage.rss();
  return { open, firstCall, weightBytes: model.info.weightBytes, residentBefore, resident, residentPeak: readPeak() };
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
