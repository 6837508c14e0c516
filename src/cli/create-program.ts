import { Command } from "commander";
import { addBenchCommand } from "./commands/add-bench-command.js";
import { addBriefCommand } from "./commands/add-brief-command.js";
import { addCompressCommand } from "./commands/add-compress-command.js";
import { addDoctorCommand } from "./commands/add-doctor-command.js";
import { addInspectCommand } from "./commands/add-inspect-command.js";
import { addMcpCommand } from "./commands/add-mcp-command.js";
import { addModelsCommand } from "./commands/add-models-command.js";
import { addRestoreCommand } from "./commands/add-restore-command.js";
import { addServeCommand } from "./commands/add-serve-command.js";
import { addWorkerCommand } from "./commands/add-worker-command.js";
import { addCaptureCommand } from "./commands/capture/add-capture-command.js";
import { addEvaluateCommand } from "./commands/evaluate/add-evaluate-command.js";
import { addGenerateCommand } from "./commands/generate/add-generate-command.js";
import { addRecordsCommand } from "./commands/records/add-records-command.js";
import { addTrainCommand } from "./commands/train/add-train-command.js";
import { addValidateCommand } from "./commands/validate/add-validate-command.js";
import { readPackageVersion } from "./read-package-version.js";
import { errorColours, outputColours } from "./terminal/terminal-colours.js";

const examples = `
Examples:
  $ brevis compress build.log                     half of the tokens, to standard output
  $ npm test 2>&1 | brevis compress --rate 0.3    what a command printed
  $ brevis restore 482915337120                   what a marker [… #482915337120] stands for
  $ brevis inspect build.log                      what brevis sees in a file, in colour
  $ brevis models list                            models to pull, and those that are there
  $ brevis doctor                                 what works on this machine

Exit codes: 0 done, 1 a check failed, 2 bad input or options, 3 no such model, 4 fault or unwritable
output, 5 overloaded, 6 remote failure, 130 interrupted, 141 the reader of the output went away.`;

/** The whole command line. Commands load what they need when they run, so that `--help` stays quick. */
export function createProgram(): Command {
  const program = new Command("brevis")
    .description("Fewer tokens for the same answer: compresses what goes to a language model.")
    .version(readPackageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [COMMAND]", "print help for a command")
    .addHelpText("after", examples)
    .configureHelp({ styleTitle: (title) => outputColours().bold(title) })
    .exitOverride()
    .showHelpAfterError("Run `brevis --help`, or `brevis COMMAND --help`, to see what is possible.")
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/u, `${errorColours().red("brevis:")}`)),
    });
  addCompressCommand(program);
  addRestoreCommand(program);
  addInspectCommand(program);
  addModelsCommand(program);
  addGenerateCommand(program);
  addCaptureCommand(program);
  addRecordsCommand(program);
  addBriefCommand(program);
  addBenchCommand(program);
  addServeCommand(program);
  addMcpCommand(program);
  addWorkerCommand(program);
  addValidateCommand(program);
  addTrainCommand(program);
  addEvaluateCommand(program);
  addDoctorCommand(program);
  return program;
}
