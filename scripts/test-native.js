// Builds and runs the tests of the native engine (tests/native) with CMake. Where there is no toolchain they are skipped, and it says so.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const buildDirectory = "build/native-tests";
const jobs = String(availableParallelism());

process.exitCode = testNative();

function testNative() {
  if (!existsSync(`${root}/tests/native`)) {
    console.log("skipped: tests/native, there are none yet.");
    return 0;
  }
  const missing = ["cmake", "ctest", process.env.CXX ?? "c++"].filter((command) => !canRun(command));
  if (missing.length > 0) {
    console.log(`skipped: tests/native, because ${missing.join(" and ")} cannot be run here.`);
    return 0;
  }
  return (
    run("cmake", ["-S", "native", "-B", buildDirectory, "-DBREVIS_TESTS=ON", "-DCMAKE_BUILD_TYPE=Release"]) ||
    run("cmake", ["--build", buildDirectory, "--config", "Release", "--parallel", jobs]) ||
    run("ctest", ["--test-dir", buildDirectory, "--build-config", "Release", "--output-on-failure", "--no-tests=error"])
  );
}

function canRun(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { cwd: root, stdio: "inherit" });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}
