import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { modelsFolder } from "../engine/models/models-folder.js";
import { BrevisError } from "../errors.js";
import { lockFile } from "../files/lock-file.js";
import { writeWholeFile } from "../files/open-whole-file.js";

const run = promisify(execFile);

/** The trainers that have a driver. */
export type Backend = "mlx" | "peft";
/** Whose drivers there are. */
type Driver = Backend | "tinker";

/** What a Python is wanted for: to train, here or on Tinker, or to write GGUF. */
export type PythonUse = Driver | "gguf";

/** What each imports first: a Python that BREVIS_PYTHON names need not have all of them. */
const optionalImports: Partial<Record<PythonUse, string>> = {
  gguf: "import gguf",
  tinker: "import importlib.util, sys; sys.exit(importlib.util.find_spec('tinker') is None)",
};

/** The same two steps up from src/train and from dist/train. */
const drivers = fileURLToPath(new URL("../../scripts/train/", import.meta.url));

/** The file of a script beside the drivers. */
export function scriptPath(name: string): string {
  return join(drivers, name);
}

/** The file of a trainer's driver. */
export function driverPath(backend: Driver): string {
  return join(drivers, `train_${backend}.py`);
}

/**
 * The Python that has a trainer's packages: the one that BREVIS_PYTHON names, else one of brevis's own, which is made on first use from the
 * pinned packages of scripts/train/requirements-BACKEND.txt, by `uv` where it is there, else by `python3 -m venv`.
 *
 * @param onStep told what takes long
 * @throws {BrevisError} `model-missing` where there is no Python that will do, `remote-failed` where packages cannot be had
 */
export async function findPython(backend: PythonUse, onStep: (step: string) => void = () => {}): Promise<string> {
  const named = process.env.BREVIS_PYTHON;
  const needed = optionalImports[backend];
  if (named !== undefined && named !== "" && (needed === undefined || (await works(named, ["-c", needed]))))
    return named;
  const requirements = join(drivers, `requirements-${backend}.txt`);
  const wanted = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const folder = join(dirname(modelsFolder()), "python", `${backend}-${wanted}`);
  const python = process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
  const stamp = join(folder, "complete");
  // The Python that it was made with may be gone since.
  const isThere = async () => (await exists(stamp)) && (await exists(python));
  if (await isThere()) return python;
  await mkdir(dirname(folder), { recursive: true });
  const unlock = await lockFile(`${folder}.lock`, "sets up Python for training");
  try {
    if (await isThere()) return python;
    await rm(folder, { recursive: true, force: true });
    onStep(`setting up Python packages for ${backend} in ${folder} (once)`);
    await install(folder, python, requirements);
    await writeWholeFile(stamp, "");
    return python;
  } finally {
    await unlock();
  }
}

async function install(folder: string, python: string, requirements: string): Promise<void> {
  if (await works("uv", ["--version"])) {
    await runStep("uv", ["venv", "--quiet", folder]);
    await runStep("uv", ["pip", "install", "--quiet", "--python", python, "-r", requirements]);
    return;
  }
  const base = await findBasePython();
  await runStep(base, ["-m", "venv", folder]);
  await runStep(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
}

async function findBasePython(): Promise<string> {
  const isRecent = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
  for (const name of ["python3", "python"]) if (await works(name, ["-c", isRecent])) return name;
  throw new BrevisError("model-missing", "Expected Python 3.10 or later with venv for the trainer but found none.", {
    hint: "Install Python (Debian: python3 python3-venv), or uv, or set BREVIS_PYTHON to one that has the trainer's packages.",
  });
}

async function works(command: string, parameters: string[]): Promise<boolean> {
  return run(command, parameters).then(
    () => true,
    () => false,
  );
}

async function runStep(command: string, parameters: string[]): Promise<void> {
  await run(command, parameters, { maxBuffer: 1 << 26 }).catch((cause: Error & { stderr?: string }) => {
    const last = (cause.stderr ?? cause.message).trim().split("\n").at(-1);
    throw new BrevisError("remote-failed", `Expected the trainer's Python packages but ${command} failed: ${last}`, {
      hint: "Check the network and pip's settings, or set BREVIS_PYTHON to a Python that has the packages.",
      cause,
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
