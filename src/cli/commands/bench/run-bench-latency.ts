import type { SizedTexts } from "../../../bench/latency/measure-calls.js";
import { countCases, type LatencyReport, measureLatency } from "../../../bench/latency/measure-latency.js";
import { compress } from "../../../compress/compress.js";
import type { CompressOptions } from "../../../compress/types.js";
import { listEngines } from "../../../engine/native/choose-engine.js";
import { checkPlatform } from "../../checks/check-machine.js";
import { writeStandardOutput } from "../../files/write-standard-output.js";
import { startProgress } from "../../terminal/start-progress.js";
import type { BenchLatencyFlags } from "../add-bench-command.js";
import { drawLatency } from "./draw-latency.js";
import { prepareTexts } from "./prepare-texts.js";

const warmUp = 3;
const callsForMemory = 1000;

/** Runs `brevis bench latency`. */
export async function runBenchLatency(flags: BenchLatencyFlags): Promise<void> {
  const sizes = [...flags.sizes].sort((a, b) => a - b);
  // As many tokens at each of the large sizes as at 2,000, so that they do not take most of the time.
  const callsOf = (tokens: number) => Math.min(flags.calls, Math.max(10, Math.round((flags.calls * 2000) / tokens)));
  const prepared = await prepareTexts(sizes, (tokens) => 2 * (warmUp + callsOf(tokens)), flags);
  const chosen = await chooseOptions(flags, prepared.at(-1)!.texts[0]!);
  const steps = chosen.length * countCases(sizes.length, flags.processes);
  const progress = startProgress(steps, "cases", flags.quiet !== true && flags.json !== true);
  const reports: LatencyReport[] = [];
  try {
    for (const options of chosen) {
      reports.push(
        await measureLatency({
          options,
          sizes: prepared.map((size) => takeHalf(size, 0)),
          concurrentSizes: prepared.map((size) => takeHalf(size, 1)),
          callers: flags.callers,
          warmUp,
          entry: new URL("../../../index.js", import.meta.url).href,
          processes: flags.processes,
          callsForMemory,
          onProgress: () => progress.advance(1),
        }),
      );
    }
  } finally {
    progress.stop();
  }
  const machine = checkPlatform().detail;
  await writeStandardOutput(flags.json ? printJson(machine, reports) : drawLatency(machine, reports));
}

/** What is measured: what is named, or the default and after it every engine that it does not use. */
async function chooseOptions(flags: BenchLatencyFlags, sample: string): Promise<CompressOptions[]> {
  const base: CompressOptions = { rate: flags.rate, ...(flags.model === undefined ? {} : { model: flags.model }) };
  if (flags.engine !== undefined) return [{ ...base, engine: flags.engine }];
  const { engine: used } = await compress(sample, base);
  const available = listEngines().engines.flatMap(({ name, available }) => (available ? [name] : []));
  const others = (["none", ...available] as const).filter((name) => name !== used);
  return [base, ...(flags.model === undefined ? others.map((engine) => ({ ...base, engine })) : [])];
}

function takeHalf({ tokens, texts }: SizedTexts, half: 0 | 1): SizedTexts {
  const middle = Math.ceil(texts.length / 2);
  return { tokens, texts: half === 0 ? texts.slice(0, middle) : texts.slice(middle) };
}

/** `{ engine, machine, cases }` of the first, as scripts read it, with all that was measured beside it. */
function printJson(machine: string, [first, ...others]: readonly LatencyReport[]): string {
  return `${JSON.stringify({ ...first, machine, node: process.version, others }, null, 2)}\n`;
}
