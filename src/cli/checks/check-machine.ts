import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { loadAddon } from "../../engine/native/load-addon.js";
import type { Check } from "./check.js";

/** The least version of Node, as package.json has it. */
const leastNode = [20, 19] as const;
/** What the kernels of the CPU engine look for, as Linux names it. */
const usefulFeatures = [
  "sse4_2",
  "avx",
  "f16c",
  "fma",
  "avx2",
  "avx512f",
  "avx512_vnni",
  "avx512_bf16",
  "neon",
  "asimd",
  "asimddp",
  "i8mm",
];

export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  const name = "Node";
  if (isEnough) return { name, status: "ok", detail: version };
  const detail = `Expected Node ${leastNode.join(".")} or later but this is ${version}.`;
  return { name, status: "failed", detail, hint: "Install a later Node." };
}

export function checkPlatform(): Check {
  const processors = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  const model = processors[0]?.model.trim() || "processor unknown";
  const detail = `${process.platform} ${release()} ${process.arch}, ${processors.length} x ${model}, ${memory}, ${listFeatures()}`;
  return { name: "machine", status: "ok", detail };
}

export function checkAddon(): Check {
  const name = "native addon";
  const outcome = loadAddon();
  if (outcome.loaded) return { name, status: "ok", detail: `${outcome.path} (ABI ${outcome.abiVersion})` };
  return { name, status: "warning", detail: outcome.message, hint: outcome.hint };
}

function listFeatures(): string {
  if (process.platform !== "linux") return process.arch === "arm64" ? "neon" : "features not read";
  try {
    const words = new Set(
      /^(?:flags|Features)\s*:(.*)$/mu.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(/\s+/u),
    );
    return usefulFeatures.filter((feature) => words.has(feature)).join(" ") || "no vector features";
  } catch {
    return "features not read";
  }
}
