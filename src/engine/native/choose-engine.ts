import { BrevisError } from "../../errors.js";
import type { EngineChoice, EngineName } from "../types.js";
import type { NativeEngine } from "./addon-types.js";
import { type EngineOutcome, type EngineSurroundings, findEngine } from "./find-engine.js";

const choices: readonly string[] = ["auto", "mlx", "cpu", "none"] satisfies EngineChoice[];

/** Whether one engine can be used here. */
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Where it is, or why it cannot be used. */
  readonly detail: string;
  /** What to do to have it. */
  readonly hint?: string;
}

export interface EngineList {
  readonly engines: readonly EngineReport[];
  /** What the choice `auto` takes; `none` where BREVIS_ENGINE asks for none. It may still not be available. */
  readonly auto: EngineName | "none";
  /** Why `auto` takes it, as a clause. */
  readonly reason: string;
}

/**
 * Which engines are there, which one `auto` takes, and why.
 *
 * Throws `invalid-option` where BREVIS_ENGINE is no choice.
 */
export function listEngines(surroundings: EngineSurroundings = {}): EngineList {
  const engines = (["mlx", "cpu"] as const).map((name): EngineReport => {
    const { available, detail, ...rest } = findEngine(name, surroundings);
    return { name, available, detail, ...("hint" in rest ? { hint: rest.hint } : {}) };
  });
  const { name, reason } = chooseAutomatically(surroundings);
  return { engines, auto: name, reason };
}

/**
 * The engine that a choice stands for here.
 *
 * Throws `model-missing` where it is not there or is `none`, `invalid-option` for what is no choice.
 */
export function loadEngine(choice: EngineChoice = "auto", surroundings: EngineSurroundings = {}): NativeEngine {
  checkChoice(choice, "engine");
  const name = choice === "auto" ? chooseAutomatically(surroundings).name : choice;
  if (name === "none") {
    const hint = 'Choose the engine "auto", "cpu" or "mlx", and unset BREVIS_ENGINE.';
    throw new BrevisError("model-missing", 'Expected an engine that opens models but the choice is "none".', { hint });
  }
  const outcome = findEngine(name, surroundings);
  if (outcome.available) return outcome.engine;
  throw new BrevisError("model-missing", `Expected the engine "${name}" but it cannot be used: ${outcome.detail}`, {
    hint: outcome.hint,
  });
}

/** BREVIS_ENGINE where it is set, else MLX on Apple Silicon where it is there, else the CPU engine. */
function chooseAutomatically(surroundings: EngineSurroundings): { name: EngineName | "none"; reason: string } {
  const { platform = process.platform, arch = process.arch, environment = process.env } = surroundings;
  const asked = environment.BREVIS_ENGINE || "auto";
  checkChoice(asked, "BREVIS_ENGINE");
  if (asked !== "auto") return { name: asked, reason: `BREVIS_ENGINE=${asked}` };
  if (platform !== "darwin" || arch !== "arm64") {
    return { name: "cpu", reason: `mlx is for Apple Silicon, and this is ${platform} ${arch}` };
  }
  const mlx: EngineOutcome = findEngine("mlx", surroundings);
  if (mlx.available) return { name: "mlx", reason: "this is Apple Silicon" };
  return { name: "cpu", reason: `mlx cannot be used: ${mlx.detail}` };
}

function checkChoice(choice: string, name: string): asserts choice is EngineChoice {
  if (choices.includes(choice)) return;
  const expected = choices.map((each) => `"${each}"`).join(", ");
  throw new BrevisError(
    "invalid-option",
    `${name}: expected one of ${expected} but received ${JSON.stringify(choice)}.`,
  );
}
