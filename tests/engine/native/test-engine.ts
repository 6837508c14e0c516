/** The engine of tests/fixtures/engine, built as a library and opened as the MLX engine would be. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { openEngineModel } from "../../../src/engine/native/open-engine-model.js";
import type { EngineModel, OpenModelOptions } from "../../../src/engine/types.js";
import { hasAddon } from "./fixture-models.js";

const root = join(import.meta.dirname, "../../..");
const hasCompiler = process.platform !== "win32" && spawnSync("c++", ["--version"]).status === 0;

export const hasTestEngine = hasAddon && hasCompiler;
export const needsTestEngine = hasTestEngine
  ? ""
  : ` (skipped: ${hasAddon ? "there is no C++ compiler" : "build/native/brevis.node is not built"})`;

/** A folder that is gone after the test file, made when it begins. */
export function useFolder(): { readonly path: string } {
  const folder = { path: "" };
  beforeAll(() => {
    folder.path = mkdtempSync(join(tmpdir(), "brevis-engine-"));
  });
  afterAll(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** Builds the library, with definitions such as TEST_ABI_VERSION=2. @returns its path */
export function buildTestEngine(folder: string, name = "engine", definitions: readonly string[] = []): string {
  const path = join(folder, `${name}.so`);
  const source = join(root, "tests/fixtures/engine/test_engine.cpp");
  const flags = [
    "-std=c++20",
    "-shared",
    "-fPIC",
    "-pthread",
    "-fvisibility=hidden",
    `-I${join(root, "native/include")}`,
  ];
  execFileSync("c++", [...flags, ...definitions.map((each) => `-D${each}`), source, "-o", path], { stdio: "pipe" });
  return path;
}

export interface TestEngine {
  /** Opens a model of the test engine, which is closed after the test. */
  open(options?: OpenModelOptions & { readonly name?: string }): Promise<EngineModel>;
  /** Lets calls go on that wait for the gate of a model of this name. */
  openGate(name?: string): void;
}

/** Makes BREVIS_MLX_LIBRARY name the test engine for this file's tests. */
export function useTestEngine(): TestEngine {
  const folder = useFolder();
  beforeAll(() => {
    if (hasTestEngine) vi.stubEnv("BREVIS_MLX_LIBRARY", buildTestEngine(folder.path));
  });
  afterAll(() => vi.unstubAllEnvs());
  return {
    async open({ name = "model", ...options } = {}) {
      const directory = join(folder.path, name);
      rmSync(join(directory, "gate"), { force: true });
      const model = await openEngineModel(directory, { engine: "mlx", ...options });
      onTestFinished(async () => {
        openGateIn(directory);
        await model.dispose();
      });
      return model;
    },
    openGate: (name = "model") => openGateIn(join(folder.path, name)),
  };
}

function openGateIn(directory: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "gate"), "");
}

/** One sequence that begins with a command of the test engine. */
export function command(number: number): { tokens: Int32Array }[] {
  return [{ tokens: Int32Array.of(number) }];
}

/** What the test engine counts: a call of logits() gives it. */
export async function readCounts(model: EngineModel): Promise<{ models: number; sessions: number; calls: number }> {
  const [[models = 0, sessions = 0, calls = 0] = []] = await model.logits(command(0));
  return { models, sessions, calls };
}
