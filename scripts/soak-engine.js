// Opens and closes a tiny model, and cancels calls, thousands of times, and compares what the process holds with what it held after a
// warm-up: resident memory, file descriptors, threads. Exits with 1 where something grew.
//
//   npm run soak                       10,000 open/close cycles and 1,000 cancelled calls, some minutes
//   npm run soak -- --cycles N --calls N --json
//
// Needs src/ compiled, the addon built, and `node --expose-gc --max-semi-space-size=1`: V8 enlarges its young generation with the work
// that it sees, by more than what is looked for. Descriptors and threads are counted on Linux only.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openEngineModel } from "../dist/engine/native/open-engine-model.js";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "10000" },
    calls: { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
  },
});
const cycles = Number(values.cycles);
const calls = Number(values.calls);
const directory = fileURLToPath(new URL("../tests/native/fixtures/tied-gqa1", import.meta.url));
const prompt = Int32Array.from({ length: 24 }, (_, place) => place);
/**
 * Memory may grow by so much: the allocator keeps an arena for some threads, and the collector has its own mind. A model of the fixture's
 * size that leaks takes 100 KiB a cycle.
 */
const growthLimitMiB = 16;

async function openAndClose() {
  const model = await openEngineModel(directory, { engine: "cpu" });
  const session = await model.openSession();
  await model.logits([{ tokens: prompt }]);
  await session.generate(prompt, { maxTokens: 2 }).report;
  // One in two sessions is left to its model.
  if (Math.random() < 0.5) await session.dispose();
  await model.dispose();
}

/** Each way in which a call ends before its end. They tell whether it did: on a busy machine the call may be first. */
const waysToCancel = [cancelRunningCall, cancelWaitingCall, cancelGeneration, leaveGeneration];

function cancelRunningCall({ model }) {
  return abortSoon((signal) => model.logits([{ tokens: new Int32Array(1000) }], { signal }));
}

async function cancelWaitingCall({ model, session }) {
  const running = session.generate(prompt, { maxTokens: 4000 });
  const aborted = await abortSoon((signal) => model.logits([{ tokens: prompt }], { signal }));
  await running[Symbol.asyncIterator]().return();
  return aborted;
}

function cancelGeneration({ session }) {
  return abortSoon(async (signal) => {
    for await (const _ of session.generate(prompt, { maxTokens: 4000, signal }));
  });
}

async function leaveGeneration({ session }) {
  const stream = session.generate(prompt, { maxTokens: 4000 });
  for await (const _ of stream) break;
  return (await stream.report).finish === "callback";
}

async function abortSoon(start) {
  const controller = new AbortController();
  const call = start(controller.signal);
  setImmediate(() => controller.abort());
  try {
    await call;
    return false;
  } catch (error) {
    if (error.code !== "aborted") throw error;
    return true;
  }
}

async function runCycles(count) {
  for (let i = 0; i < count; ++i) await openAndClose();
}

async function runCancelledCalls(count) {
  const model = await openEngineModel(directory, { engine: "cpu" });
  const session = await model.openSession();
  for (let i = 0, cancelled = 0; cancelled < count; ++i) {
    if (await waysToCancel[i % waysToCancel.length]({ model, session })) ++cancelled;
  }
  await model.dispose();
}

/** What the process holds once everything is collected. */
async function measure() {
  let resident = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; ++i) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    resident = Math.min(resident, process.memoryUsage.rss());
  }
  return {
    residentMiB: resident / 2 ** 20,
    descriptors: countEntries("/proc/self/fd"),
    threads: countEntries("/proc/self/task"),
  };
}

function countEntries(path) {
  return process.platform === "linux" ? readdirSync(path).length : 0;
}

async function soak() {
  if (globalThis.gc === undefined) throw new Error("Expected to run under `node --expose-gc`.");
  const started = performance.now();
  await runCycles(Math.max(200, cycles / 10));
  await runCancelledCalls(Math.max(20, calls / 10));
  const before = await measure();
  await runCycles(cycles);
  await runCancelledCalls(calls);
  const after = await measure();
  const grownMiB = after.residentMiB - before.residentMiB;
  const ok = grownMiB <= growthLimitMiB && after.descriptors === before.descriptors && after.threads === before.threads;
  return { ok, cycles, calls, seconds: (performance.now() - started) / 1000, before, after, grownMiB, growthLimitMiB };
}

const report = await soak();
if (values.json) console.log(JSON.stringify(report));
else console.log(report);
process.exitCode = report.ok ? 0 : 1;
