// Builds the MLX engine when the package is installed on a Mac with Apple silicon and Xcode; BREVIS_SKIP_SWIFT=1 leaves it out.
// Whatever comes of it is no failed install: the CPU engine serves without it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @param {string} packageRoot
 * @param {{ platform?: string, arch?: string, environment?: NodeJS.ProcessEnv }} [machine] the running process's by default
 * @returns {string | undefined} what was done or left undone, in one sentence; nothing where MLX does not run at all
 */
export function buildMlxEngine(packageRoot, machine = {}) {
  const { platform = process.platform, arch = process.arch, environment = process.env } = machine;
  if (platform !== "darwin" || arch !== "arm64") return undefined;
  if (environment.BREVIS_SKIP_SWIFT) return "BREVIS_SKIP_SWIFT is set, the MLX engine is left out.";
  const script = join(packageRoot, "scripts", "build-swift.sh");
  if (!existsSync(script)) return `the MLX engine was not built: there is no ${script}.`;
  const run = (parameters) => spawnSync(script, parameters, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const check = run(["--check"]);
  if (check.status !== 0) return `the MLX engine was not built, the CPU engine serves. ${reasonOf(check)}`;
  const build = run([]);
  const log = join(packageRoot, "build", "swift-build.log");
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, `${build.stdout ?? ""}${build.stderr ?? ""}`);
  if (build.status === 0) return build.stdout.trim().split("\n").at(-1);
  return `the MLX engine was not built, the CPU engine serves. ${reasonOf(build)} What the build printed: ${log}`;
}

/** The last line of what a failed run said. */
function reasonOf({ error, stderr }) {
  return error?.message ?? (stderr ?? "").trim().split("\n").at(-1) ?? "";
}
