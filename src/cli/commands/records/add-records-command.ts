import type { Command } from "commander";
import { Option } from "commander";
import { addTrafficCommands } from "./add-traffic-commands.js";

interface BrokenFlags {
  onBroken: "skip" | "fatal";
}

export interface ImportFlags extends BrokenFlags {
  output?: string;
  source?: string;
  licence?: string;
  quiet?: boolean;
}

export interface SplitFlags extends BrokenFlags {
  output: string;
  shares: string;
  quiet?: boolean;
}

export interface ExportFlags extends BrokenFlags {
  output?: string;
  prompts: string;
  model?: string;
  quiet?: boolean;
}

export interface CheckFlags {
  json?: boolean;
}

const details = `
Pairs are JSON Lines, one training record a line: a text, its compressed form, and where both come from.

Examples:
  $ brevis records import foreign.jsonl --source my-project --licence MIT -o pairs.jsonl
  $ brevis records split pairs.jsonl -o split/
  $ brevis records check split/
  $ brevis records export split/ -o examples/`;

const splitDetails = `
Pairs of one document, and pairs that share 13 words in a row, go to the same side. The same pairs always give the same split.`;

const exportDetails = `
Each pair becomes one line {"messages": [...]}: the very prompt with which brevis asks a model at run time, and the compressed text as its
answer. PAIRS may be a folder of train.jsonl, valid.jsonl and test.jsonl, as split writes it; then OUT is a folder too.

--prompts instruction uses the template with ### Instruction, ### Input and ### Output; a folder may hold prompts of your own, laid out as
configs/prompts. Put the same folder as prompts/ beside the adapter, so that it is asked as it was trained.`;

/** `brevis records import|split|export|check`. */
export function addRecordsCommand(program: Command): void {
  const records = program
    .command("records")
    .summary("import, split, check, export, propose and review training pairs")
    .description("Works on files of training pairs.")
    .addHelpText("after", details);
  addImport(records);
  addTrafficCommands(records);
  records
    .command("split")
    .description("Splits pairs by document into train.jsonl, valid.jsonl and test.jsonl.")
    .argument("<PAIRS...>", "files of pairs")
    .requiredOption("-o, --output <DIR>", "the folder for the three files")
    .option("--shares <T,V,T>", "shares of train, valid and test", "0.9,0.05,0.05")
    .addOption(onBroken())
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText("after", splitDetails)
    .action(async (files: string[], flags: SplitFlags) => {
      const { runSplit } = await import("./run-split.js");
      return runSplit(files, flags);
    });
  records
    .command("export")
    .description("Writes pairs as chats for a trainer.")
    .argument("<PAIRS>", "a file of pairs, or a folder of split ones")
    .option("-o, --output <OUT>", "the file, or the folder, to write")
    .option("--prompts <NAME|DIR>", "the prompts to ask with: default, instruction, plain, or a folder", "default")
    .option("--model <DIR>", "count tokens as this model does, whose tokenizer.json lies there")
    .addOption(onBroken())
    .option("-q, --quiet", "print nothing but the examples and errors")
    .addHelpText("after", exportDetails)
    .action(async (path: string, flags: ExportFlags) => {
      const { runExport } = await import("./run-export.js");
      return runExport(path, flags);
    });
  records
    .command("check")
    .description(
      "Says what pairs consist of and what is wrong with them: broken lines, repeats, leaks between the sides of a split.",
    )
    .argument("<PAIRS>", "a file of pairs, or a folder of split ones")
    .option("--json", "print the report as JSON")
    .action(async (path: string, flags: CheckFlags) => {
      const { runCheck } = await import("./run-check.js");
      return runCheck(path, flags);
    });
}

function addImport(records: Command): void {
  records
    .command("import")
    .description(
      'Reads {"verbose", "compressed"} records, with id, domain, source, licence, document and model where they have them, as pairs.',
    )
    .argument("<IN>", "a file of JSON Lines")
    .option("-o, --output <OUT>", "write to a file, which appears whole or not at all")
    .option("--source <NAME>", "where the records come from, for those that do not say so (default: the file's name)")
    .option("--licence <SPDX>", "the licence of the texts, for records that do not say so")
    .addOption(onBroken())
    .option("-q, --quiet", "print nothing but the pairs and errors")
    .action(async (path: string, flags: ImportFlags) => {
      const { runImport } = await import("./run-import.js");
      return runImport(path, flags);
    });
}

function onBroken(): Option {
  return new Option("--on-broken <WHAT>", "what happens at a broken line").choices(["fatal", "skip"]).default("fatal");
}
