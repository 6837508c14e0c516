/** Runs a script in a Node process of its own, for what no test survives: exits, crashes, leaks. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inject } from "vitest";
import { collectRun, type Run } from "../../cli/run-brevis.js";
import { fixturePath } from "./fixture-models.js";

const compiled = pathToFileURL(join(import.meta.dirname, "../../../dist/engine/native/open-engine-model.js")).href;

/** What every script begins with: brevis as it is compiled, and the path of a tiny model with room for 8,192 tokens. */
const prelude = `
import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { openEngineModel } from ${JSON.stringify(compiled)};
const directory = ${JSON.stringify(fixturePath("untied-gqa2"))};
const prompt = Int32Array.of(1, 2, 3);
const turnEventLoop = () => new Promise((resolve) => setImmediate(resolve));
/** Calls work() in a worker, a module whose parameters are those of this one. */
const startWorker = (work) => new Worker(new URL("data:text/javascript," + encodeURIComponent(prelude + "\\nconst prelude = " + JSON.stringify(prelude) + ";(" + work + ")()")));
`;

interface ScriptSetting {
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the body of an async module to the process's end. One that hangs is killed after a minute: its signal is SIGKILL. */
export async function runScript(body: string, { flags = [], env = {} }: ScriptSetting = {}): Promise<Run> {
  const errors = inject("compileErrors");
  if (errors) throw new Error(`src/ does not compile:\n${errors}`);
  const script = `${prelude}\nconst prelude = ${JSON.stringify(prelude)};\n${body}`;
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", script], {
    env: { ...process.env, BREVIS_ENGINE: "", ...env },
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  child.stdin.end();
  try {
    return await collectRun(child);
  } finally {
    clearTimeout(timer);
  }
}
