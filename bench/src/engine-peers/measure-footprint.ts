import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { quantileOf } from "../statistics.js";
import type { Footprint } from "./footprint-process.js";
import { provideMlxCausal, provideQuantizedKeep } from "./model-files.js";

/** A figure of one engine held against a limit instead of a peer. */
export interface LimitResult {
  readonly name: string;
  readonly unit: "ms" | "MB";
  readonly ours: number;
  readonly best: number;
  readonly limit: number;
  /** What else the same processes saw. */
  readonly details: Readonly<Record<string, number>>;
}

export const limitCases = ["load", "memory-q8", "memory-q4", "memory-keep"] as const;

const megabyte = 1e6;
/** The limit is for a model of 500 MB; the one that is opened has 633. */
const loadLimit = 200;

/** Opens a model of its own in so many processes, one after the other, its file in the page cache after the first. */
export function measureLimit(name: (typeof limitCases)[number], processes: number): LimitResult {
  const footprints = openInProcesses(provideModel(name), processes);
  return name === "load" ? describeLoad(footprints) : describeMemory(name, footprints);
}

function provideModel(name: (typeof limitCases)[number]): string {
  if (name === "memory-keep") return provideQuantizedKeep();
  return provideMlxCausal(name === "memory-q4" ? 4 : 8);
}

function openInProcesses(directory: string, count: number): Footprint[] {
  const script = fileURLToPath(new URL("./footprint-process.js", import.meta.url));
  const open = () => JSON.parse(execFileSync(process.execPath, [script, directory], { encoding: "utf8" })) as Footprint;
  open();
  return Array.from({ length: count }, open);
}

function describeLoad(footprints: readonly Footprint[]): LimitResult {
  const times = footprints.map(({ open }) => open);
  return {
    name: "load",
    unit: "ms",
    ours: quantileOf(times, 0.5),
    best: Math.min(...times),
    limit: loadLimit,
    details: {
      processor: quantileOf(
        footprints.map(({ openProcessor }) => openProcessor),
        0.5,
      ),
      firstCallAnswered: quantileOf(
        footprints.map(({ firstCall }) => firstCall),
        0.5,
      ),
    },
  };
}

/** Weights, a tenth of them and 64 MB, for the whole process. */
function describeMemory(name: string, footprints: readonly Footprint[]): LimitResult {
  const { weightBytes, residentBefore, residentPeak, residentAfter } = footprints[0]!;
  const resident = footprints.map((footprint) => footprint.resident / megabyte);
  return {
    name,
    unit: "MB",
    ours: quantileOf(resident, 0.5),
    best: Math.min(...resident),
    limit: (weightBytes / megabyte) * 1.1 + 64,
    details: {
      weights: weightBytes / megabyte,
      beforeOpening: residentBefore / megabyte,
      peak: residentPeak / megabyte,
      withoutSession: residentAfter / megabyte,
    },
  };
}
