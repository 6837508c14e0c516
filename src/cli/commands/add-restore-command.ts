import type { Command } from "commander";

export interface RestoreFlags {
  store?: string;
  output?: string;
}

const details = `
SOURCE is the id in a marker or a result, a file with a result of \`brevis compress --json\`, or a compressed text in
which every marker with an id is replaced; - reads either from standard input. A result that lost nothing comes back
from itself alone; what was left out comes from the store in which \`brevis compress\` kept it.

Examples:
  $ brevis restore 482915337120
  $ brevis compress data.json --json > result.json && brevis restore result.json -o data.json
  $ brevis compress build.log | brevis restore -`;

/** `brevis restore`. */
export function addRestoreCommand(program: Command): void {
  program
    .command("restore")
    .summary("bring back what was compressed")
    .description("Brings back the original of a result, of a compressed text, or of an id.")
    .argument("<SOURCE>", "an id of 12 digits, a file, or - for standard input")
    .option("-o, --output <OUT>", "write to a file, which appears whole or not at all")
    .option("--store <DIR>", "the folder in which originals were kept")
    .addHelpText("after", details)
    .action(async (source: string, flags: RestoreFlags) => {
      const { restoreSource } = await import("./restore-source.js");
      return restoreSource(source, flags);
    });
}
