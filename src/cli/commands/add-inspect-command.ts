import type { Command } from "commander";
import { addCompressFlags, type CompressFlags } from "./compress-flags.js";

export interface InspectFlags extends CompressFlags {
  json?: boolean;
}

const details = `
A table lists the segments. Under it stands the text: a bar beside each unit shows how much a reader would miss it, from
▁ to █, and ! marks the floor, which always stays. In colour, must-keep words stand out, and text is dim or bold by its
score. With --json everything is printed as data; offsets are UTF-16 code units.

Examples:
  $ brevis inspect build.log
  $ brevis inspect notes.md --query "when is the release?" | less -R      (with FORCE_COLOR=1)
  $ brevis inspect data.json --json | jq '.segments[].kind'`;

/** `brevis inspect`. */
export function addInspectCommand(program: Command): void {
  const command = program
    .command("inspect")
    .summary("show what brevis sees in a text")
    .description("Shows the segments of a text, their kinds, what must be kept, and the score of each unit.")
    .argument("[FILE]", "a file; - or nothing is standard input");
  addCompressFlags(command)
    .option("--json", "print everything as JSON")
    .addHelpText("after", details)
    .action(async (file: string | undefined, flags: InspectFlags) => {
      const { inspectFile } = await import("./inspect-file.js");
      return inspectFile(file, flags);
    });
}
