import { spawn } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { BrevisError } from "../errors.js";
import { explainWriteError } from "../files/explain-file-errors.js";
import { findPython, scriptPath } from "./python-environment.js";

/** What to write, and where. */
export interface GgufExport {
  /** Directories. */
  readonly model: string;
  readonly adapter: string;
  /** The file; it appears whole or not at all. */
  readonly output: string;
  readonly type: "f16" | "q8_0";
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Merges an adapter into its base and writes GGUF, which llama.cpp opens: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * @throws {BrevisError} `model-invalid` with what cannot be exported, `output-failed`, `aborted`
 */
export async function exportGguf({ onStep, signal, ...request }: GgufExport): Promise<void> {
  const output = resolve(request.output);
  await refuseOutput(output);
  const python = await findPython("gguf", onStep);
  const work = await mkdtemp(join(tmpdir(), "brevis-gguf-"));
  try {
    const config = join(work, "config.json");
    await writeFile(config, JSON.stringify({ ...request, output, name: basename(output).replace(/\.gguf$/u, "") }));
    await runExporter([python, scriptPath("export_gguf.py"), config], { onStep, signal });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function refuseOutput(output: string): Promise<void> {
  const folder = await stat(dirname(output)).catch((error) => {
    throw explainWriteError(error, output);
  });
  const entry = await stat(output).catch(() => undefined);
  if (!folder.isDirectory() || entry?.isDirectory())
    throw explainWriteError(Object.assign(new Error(), { code: entry?.isDirectory() ? "EISDIR" : "ENOTDIR" }), output);
}

async function runExporter(
  [interpreter, ...parameters]: readonly [string, ...string[]],
  { onStep, signal }: { onStep: GgufExport["onStep"] | undefined; signal: AbortSignal | undefined },
): Promise<void> {
  const child = spawn(interpreter, parameters, { stdio: ["ignore", "pipe", "pipe"], ...(signal && { signal }) });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said = `${said}${text}`.slice(-20_000);
  });
  const ended = new Promise<{ code: number | null; error?: Error }>((done) => {
    child.once("error", (error) => done({ code: null, error }));
    child.once("close", (code) => done({ code }));
  });
  for await (const line of createInterface({ input: child.stdout })) onStep?.(`writing tensor ${line}`);
  const { code, error } = await ended;
  if (signal?.aborted) throw new BrevisError("aborted", "The export was interrupted.", { cause: signal.reason });
  if (code === 0) return;
  const last = said.trim().split("\n").at(-1) ?? error?.message ?? "it printed nothing";
  const isDisk = /No space left/u.test(said);
  throw new BrevisError(
    isDisk ? "output-failed" : "model-invalid",
    `Expected a GGUF file but the exporter ended: ${last}`,
    {
      ...(isDisk ? { hint: "Free some space, or write elsewhere." } : {}),
      cause: error,
    },
  );
}
