import type { Command } from "commander";

export interface ListModelsFlags {
  json?: boolean;
}

export interface PullModelFlags {
  revision?: string;
  dir?: string;
  force?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export interface ShowModelFlags {
  verify?: boolean;
  json?: boolean;
}

const details = `
Models lie in BREVIS_HOME/models, or in the user's cache folder. A name such as Qwen/Qwen3-0.6B stands for a pulled model wherever brevis
takes a model's directory. Nothing but \`pull\` uses the network.

Examples:
  $ brevis models list
  $ brevis models pull mlx-community/Qwen3-0.6B-4bit
  $ brevis models info mlx-community/Qwen3-0.6B-4bit --verify`;

const pullDetails = `
Any model or adapter of the Hugging Face Hub can be named that brevis runs (Qwen3, as safetensors). Every file is checked against the
checksum that the Hub states for it. An interrupted pull goes on where it stopped when it is run again.

HF_TOKEN     a token for models that are private or have a licence to accept
HF_ENDPOINT  a mirror of the Hub`;

/** `brevis models list|pull|info`. */
export function addModelsCommand(program: Command): void {
  const models = program
    .command("models")
    .summary("list, pull and look at models")
    .description("Lists, pulls and describes the models that brevis runs.")
    .addHelpText("after", details);
  models
    .command("list")
    .description("Lists the models that brevis is known to run, and what is installed.")
    .option("--json", "print the list as JSON")
    .action(async (flags: ListModelsFlags) => {
      const { listModels } = await import("./models/list-models.js");
      return listModels(flags);
    });
  models
    .command("pull")
    .description("Downloads a model, and prints the directory that it lies in.")
    .argument("<NAME>", "the model's name on the Hub: OWNER/NAME")
    .option("--revision <REVISION>", "a branch, tag or commit")
    .option("--dir <DIR>", "the directory to pull it into")
    .option("--force", "download it again, though it is there")
    .option("--json", "print what was pulled as JSON")
    .option("-q, --quiet", "show no progress")
    .addHelpText("after", pullDetails)
    .action(async (name: string, flags: PullModelFlags) => {
      const { runPull } = await import("./models/run-pull.js");
      return runPull(name, flags);
    });
  models
    .command("info")
    .description("Describes a model or adapter, and whether this machine runs it.")
    .argument("<MODEL>", "a pulled model's name, or a directory")
    .option("--verify", "read all files and compare them with their checksums")
    .option("--json", "print the description as JSON")
    .action(async (model: string, flags: ShowModelFlags) => {
      const { showModel } = await import("./models/show-model.js");
      return showModel(model, flags);
    });
}
