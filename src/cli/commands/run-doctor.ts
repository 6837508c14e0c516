import type { Check } from "../checks/check.js";
import { checkEngine } from "../checks/check-engine.js";
import { checkAddon, checkNode, checkPlatform } from "../checks/check-machine.js";
import { checkStore } from "../checks/check-store.js";
import { checkCompression, checkGrammars, checkTokenizers } from "../checks/check-text.js";
import { writeStandardOutput } from "../files/write-standard-output.js";
import { outputColours } from "../terminal/terminal-colours.js";
import type { DoctorFlags } from "./add-doctor-command.js";

/** `brevis doctor`: sets exit code 1 when a check failed. */
export async function runDoctor({ json, store }: DoctorFlags): Promise<void> {
  const checks = [
    checkNode(),
    checkPlatform(),
    checkAddon(),
    await guard("engine", checkEngine),
    await guard("tokenizers", checkTokenizers),
    await guard("grammars", checkGrammars),
    await guard("store", () => checkStore(store)),
    await guard("compression", checkCompression),
  ];
  const ok = checks.every(({ status }) => status !== "failed");
  await writeStandardOutput(json ? `${JSON.stringify({ ok, checks })}\n` : drawChecks(checks));
  if (!ok) process.exitCode = 1;
}

/** A check that throws has failed, and the others go on. */
async function guard(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return { name, status: "failed", detail: error instanceof Error ? error.message : String(error) };
  }
}

function drawChecks(checks: readonly Check[]): string {
  const colours = outputColours();
  const signs = { ok: colours.green("ok     "), warning: colours.yellow("warning"), failed: colours.red("failed ") };
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, status, detail, hint }) => {
      const line = `${signs[status]}  ${name.padEnd(width)}  ${detail}\n`;
      return hint === undefined ? line : `${line}${" ".repeat(width + 11)}${colours.dim(hint)}\n`;
    })
    .join("");
}
