import type { Command } from "commander";

export interface CaptureFlags {
  folder?: string;
  json?: boolean;
}

export interface ClearCaptureFlags extends CaptureFlags {
  exports?: boolean;
}

const details = `
Nothing is captured unless an application asks for it: compress(text, { capture: openCapture() }), or capture.enabled of \`brevis serve\`. What is
captured stays on this machine, in BREVIS_HOME/captured or else the user's data folder, without its secrets: they are replaced before anything
is written.

Examples:
  $ brevis capture status
  $ brevis records propose && brevis records review
  $ brevis capture clear --exports`;

/** `brevis capture status|clear`. */
export function addCaptureCommand(program: Command): void {
  const capture = program
    .command("capture")
    .summary("what was captured of an application's own texts: see it, delete it")
    .description("Shows and deletes what was captured of an application's own texts.")
    .addHelpText("after", details);
  withFlags(capture.command("status"))
    .description("Says what was captured, and what was made of it.")
    .action(async (flags: CaptureFlags) => {
      const { showCapture } = await import("./run-capture.js");
      return showCapture(flags);
    });
  withFlags(capture.command("clear"))
    .description("Deletes all that was captured, proposed, decided and accepted, and says what it deleted.")
    .option("--exports", "also the files elsewhere that pairs were written to")
    .action(async (flags: ClearCaptureFlags) => {
      const { runClear } = await import("./run-capture.js");
      return runClear(flags);
    });
}

function withFlags(command: Command): Command {
  return command
    .option("--folder <DIR>", "where it lies (default: BREVIS_HOME/captured, else the user's data folder)")
    .option("--json", "print JSON");
}
