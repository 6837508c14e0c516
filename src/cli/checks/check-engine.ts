import { type EngineReport, listEngines } from "../../engine/native/choose-engine.js";
import { probeEngine } from "../../engine/native/probe-engine.js";
import type { EngineModelInfo, EngineName } from "../../engine/types.js";
import type { BrevisError } from "../../errors.js";
import type { Check } from "./check.js";

/** The check of the engine, with what its sentence says as fields for `--json`. */
export interface EngineCheck extends Check {
  readonly engine: EngineName | "none";
  /** Why it is this one. */
  readonly reason: string;
  readonly kernels?: string;
  readonly threads?: number;
  readonly engines: readonly EngineReport[];
}

/** Runs a tiny model on the engine that `auto` takes here, and says which it is and why. */
export async function checkEngine(): Promise<EngineCheck> {
  const { engines, auto, reason } = listEngines();
  const found = { name: "engine", engine: auto, reason, engines } as const;
  if (auto === "none") return { ...found, status: "ok", detail: `none: ${reason}` };
  const report = engines.find((engine) => engine.name === auto)!;
  if (!report.available) {
    // Without the addon brevis works, and the check of the addon says what is missing; an engine that was asked for is missed.
    const status = reason.startsWith("BREVIS_ENGINE") ? "failed" : "warning";
    return { ...found, status, ...describeMissing(report, reason) };
  }
  try {
    const { kernels, threads } = await probeEngine(auto);
    return { ...found, status: "ok", kernels, threads, detail: describeEngine(auto, { kernels, threads }, reason) };
  } catch (error) {
    const { message, hint } = error as BrevisError;
    return { ...found, status: "failed", detail: `${auto}: ${message}`, ...(hint === undefined ? {} : { hint }) };
  }
}

function describeEngine(
  name: EngineName,
  { kernels, threads }: Pick<EngineModelInfo, "kernels" | "threads">,
  reason: string,
) {
  return `${name} (${kernels}, ${threads} ${threads === 1 ? "thread" : "threads"}); ${reason}`;
}

function describeMissing({ name, detail, hint }: EngineReport, reason: string): { detail: string; hint?: string } {
  return { detail: `${name} (${reason}) cannot be used: ${detail}`, ...(hint === undefined ? {} : { hint }) };
}
