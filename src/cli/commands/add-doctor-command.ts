import type { Command } from "commander";

export interface DoctorFlags {
  json?: boolean;
  store?: string;
}

const details = `
Exit code 0 when brevis works here, 1 when something that it needs does not. A warning is no failure: brevis works
without its native addon, and without grammars.`;

/** `brevis doctor`. */
export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .summary("check what works on this machine")
    .description(
      "Checks what brevis needs and has on this machine: Node, native addon, engine, tokenizers, grammars, store.",
    )
    .option("--json", "print the checks as JSON")
    .option("--store <DIR>", "check the store in this folder")
    .addHelpText("after", details)
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import("./run-doctor.js");
      return runDoctor(flags);
    });
}
