// Sees to the native addon when the package is installed. Where npm has installed one that was built for this machine
// (src/engine/native/prebuilt-addon.ts) and it loads, there is nothing to do. Else builds build/native/brevis.node: by cmake-js, else by
// plain cmake; and on Apple silicon the MLX engine (build-swift.js). A build that fails is no failed install: brevis works without, so this
// says what is missing and exits 0.
//
//   node scripts/install.js              BREVIS_SKIP_NATIVE=1 leaves both out, BREVIS_SKIP_SWIFT=1 the MLX engine;
//                                        BREVIS_BUILD_FROM_SOURCE=1 builds even where a built one fits
//   node scripts/install.js --required   exits 1 when the addon could not be built
//
// No network: headers come from the packages node-api-headers and node-addon-api. Plain JavaScript, since it runs before `tsc`.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildMlxEngine } from "./build-swift.js";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const buildDirectory = join(packageRoot, "build", "native");
const addonPath = join(buildDirectory, "brevis.node");
/** What the build printed, success or not. */
const logPath = join(packageRoot, "build", "native-build.log");
/** Why there is no addon: there only after a failure, and read by src/engine/native/load-addon.ts. */
const problemPath = join(packageRoot, "build", "native-problem.txt");
/** Loads an addon in a process of its own: a broken one may crash the one that loads it. */
const testScript =
  "if (typeof require(process.argv[1]).abiVersion !== 'number') throw new Error('it reports no abiVersion')";
const jobs = String(availableParallelism());
const requireFromPackage = createRequire(join(packageRoot, "package.json"));

const required = process.argv.includes("--required");
const prebuilt = process.env.BREVIS_BUILD_FROM_SOURCE || required ? undefined : await findPrebuilt();
process.exitCode = installAddon();
const hasMlx = prebuilt !== undefined && existsSync(join(prebuilt, "libBrevisMLX.dylib"));
const engine = process.env.BREVIS_SKIP_NATIVE || hasMlx ? undefined : buildMlxEngine(packageRoot);
if (engine !== undefined) console.log(`brevis: ${engine}`);

/** The folder of the addon that was built for this machine, where it loads. A checkout that was never compiled has none. */
async function findPrebuilt() {
  const finder = join(packageRoot, "dist", "engine", "native", "prebuilt-addon.js");
  if (!existsSync(finder)) return undefined;
  const { findPrebuiltFolder } = await import(pathToFileURL(finder).href);
  const folder = findPrebuiltFolder();
  if (folder === undefined) return undefined;
  const addon = join(folder, "brevis.node");
  const { status, stderr } = spawnSync(process.execPath, ["-e", testScript, addon], { encoding: "utf8" });
  if (status === 0) return folder;
  const reason = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? `status ${status}`;
  console.warn(`brevis: ${addon} cannot be loaded here (${reason}).`);
  return undefined;
}

function installAddon() {
  if (process.env.BREVIS_SKIP_NATIVE && !required) {
    console.log("brevis: BREVIS_SKIP_NATIVE is set, the native addon is left out.");
    return 0;
  }
  if (prebuilt !== undefined) {
    console.log(`brevis: the native addon came built, ${prebuilt}`);
    rmSync(problemPath, { force: true });
    return 0;
  }
  try {
    mkdirSync(buildDirectory, { recursive: true });
    writeFileSync(logPath, "");
    rmSync(problemPath, { force: true });
  } catch (error) {
    console.warn(`brevis: the native addon was not built: ${buildDirectory} cannot be written (${error.message}).`);
    return required ? 1 : 0;
  }
  const problem = buildAddon();
  if (problem === undefined) {
    console.log(`brevis: built the native addon, ${addonPath}`);
    return 0;
  }
  reportProblem(problem);
  return required ? 1 : 0;
}

/** @returns {string | undefined} what went wrong, in one sentence */
function buildAddon() {
  if (!canRun("cmake")) return "cmake was not found on the PATH.";
  const cmakeJsProblem = buildWithCmakeJs() ?? testLoading();
  if (cmakeJsProblem === undefined) return undefined;
  appendFileSync(logPath, `\ncmake-js: ${cmakeJsProblem}\n`);
  // The two may choose different generators, and a CMake cache belongs to one of them.
  rmSync(buildDirectory, { recursive: true, force: true });
  return buildWithCmake() ?? testLoading();
}

function buildWithCmakeJs() {
  let cmakeJs;
  try {
    cmakeJs = requireFromPackage.resolve("cmake-js/bin/cmake-js");
  } catch {
    return "the optional dependency cmake-js is not installed.";
  }
  const options = ["--directory", packageRoot, "--out", buildDirectory, "--parallel", jobs];
  return runBuildStep(process.execPath, [cmakeJs, "build", ...options]);
}

function buildWithCmake() {
  if (process.platform === "win32")
    return "on Windows the addon is built by cmake-js, which failed or is not installed.";
  let includes;
  try {
    // node-addon-api's own include_dir is relative to whatever the working directory was when it was loaded.
    includes = [
      requireFromPackage("node-api-headers").include_dir,
      dirname(requireFromPackage.resolve("node-addon-api")),
    ];
  } catch {
    return "the headers of Node-API (packages node-api-headers and node-addon-api) are not installed.";
  }
  const directories = ["-S", packageRoot, "-B", buildDirectory];
  return (
    runBuildStep("cmake", [...directories, "-DCMAKE_BUILD_TYPE=Release", `-DCMAKE_JS_INC=${includes.join(";")}`]) ??
    runBuildStep("cmake", ["--build", buildDirectory, "--config", "Release", "--parallel", jobs])
  );
}

function testLoading() {
  if (!existsSync(addonPath)) return `the build ended well but left no ${addonPath}.`;
  const problem = runBuildStep(process.execPath, ["-e", testScript, addonPath]);
  if (problem === undefined) return undefined;
  rmSync(addonPath, { force: true });
  return "the addon was built but cannot be loaded.";
}

function canRun(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

function runBuildStep(command, parameters) {
  const { status, signal, error, stdout, stderr } = spawnSync(command, parameters, {
    cwd: packageRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = `${stdout ?? ""}${stderr ?? ""}`;
  appendFileSync(logPath, `$ ${[command, ...parameters].join(" ")}\n${output}`);
  if (status === 0) return undefined;
  if (/No CMAKE_CXX_COMPILER could be found|CMAKE_CXX_COMPILER not set/.test(output))
    return "no C++ compiler was found.";
  if (/CMake [\d.]+ or higher is required/.test(output)) return /CMake [\d.]+ or higher is required.*/.exec(output)[0];
  return `\`${command}\` ended with ${error?.message ?? signal ?? `status ${status}`}.`;
}

function reportProblem(problem) {
  const report = [
    `The native addon was not built: ${problem}`,
    "brevis works without it: compression then runs without the keep model's native engine.",
    `To build it: ${adviceFor(process.platform)}, then \`npm rebuild brevis\`.`,
    `What the build printed: ${logPath}`,
  ];
  writeFileSync(problemPath, `${report.join("\n")}\n`);
  for (const line of report) console.warn(`brevis: ${line}`);
}

function adviceFor(platform) {
  if (platform === "darwin") return "`xcode-select --install` and `brew install cmake`";
  if (platform === "win32") return "install CMake and the Visual Studio Build Tools with C++";
  return "install CMake 3.20 or newer and a C++20 compiler (`apt-get install cmake g++`, `apk add cmake g++ make`)";
}
