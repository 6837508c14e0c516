import { listEngines } from "../../../dist/engine/native/choose-engine.js";
import { openEngineModel } from "../../../dist/engine/native/open-engine-model.js";
import type { OpenModel } from "./check-model.js";

/** Engines that are there, by name; the CPU engine once for each table of kernels that runs on this machine. */
export async function listPresentEngines(probe: string): Promise<{
  engines: Map<string, OpenModel>;
  absent: string[];
}> {
  const engines = new Map<string, OpenModel>();
  const absent: string[] = [];
  for (const { name, available, detail } of listEngines().engines) {
    if (!available) absent.push(`${name}: ${detail}`);
    else if (name === "mlx")
      engines.set(name, (directory, options) => openEngineModel(directory, { ...options, engine: name }));
    else for (const kernels of await listKernels(probe)) engines.set(`cpu ${kernels}`, openWithKernels(kernels));
  }
  return { engines, absent };
}

/** The engine reads BREVIS_KERNELS when it opens a model. */
function openWithKernels(kernels: string): OpenModel {
  return async (directory, options) => {
    const before = process.env.BREVIS_KERNELS;
    process.env.BREVIS_KERNELS = kernels;
    try {
      return await openEngineModel(directory, { ...options, engine: "cpu" });
    } finally {
      if (before === undefined) delete process.env.BREVIS_KERNELS;
      else process.env.BREVIS_KERNELS = before;
    }
  };
}

/** Tables that this machine runs: asking for another one opens no model, or one with the tables that there are. */
async function listKernels(probe: string): Promise<string[]> {
  const found: string[] = [];
  for (const kernels of ["plain", "avx2", "avx512", "avx512-bf16", "neon", "neon-i8mm"]) {
    const model = await openWithKernels(kernels)(probe, {}).catch(() => undefined);
    if (model?.info.kernels === kernels) found.push(kernels);
    await model?.dispose();
  }
  return found;
}
