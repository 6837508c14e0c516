import { type Command, Option } from "commander";

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

export interface ExportAdapterFlags {
  gguf: string;
  type: "f16" | "q8_0";
  model?: string;
  runs: string;
  quiet?: boolean;
}

export interface InstallAdapterFlags {
  name?: string;
  force?: boolean;
  runs: string;
  engine: "auto" | "mlx" | "cpu";
  json?: boolean;
  quiet?: boolean;
}

const installDetails = `
The adapter is checked before it is installed: its weights are finite, it loads beside its base, and it answers examples that it was not trained
on better than its base alone, and than the adapter that has the name now. A process that uses the name has the new one from its next call on.

Examples:
  $ brevis models install runs/first --name short
  $ brevis compress notes.txt --mode abstractive --adapter short`;

const details = `
Models lie in BREVIS_HOME/models, or in the user's cache folder. A name such as Qwen/Qwen3-0.6B stands for a pulled model wherever brevis
takes a model's directory. Nothing but \`pull\` uses the network.

Examples:
  $ brevis models list
  $ brevis models pull mlx-community/Qwen3-0.6B-4bit
  $ brevis models info mlx-community/Qwen3-0.6B-4bit --verify
  $ brevis models install runs/first --name short`;

const pullDetails = `
Any model or adapter of the Hugging Face Hub can be named that brevis runs (Qwen3, as safetensors). Every file is checked against the
checksum that the Hub states for it. An interrupted pull goes on where it stopped when it is run again.

HF_TOKEN     a token for models that are private or have a licence to accept
HF_ENDPOINT  a mirror of the Hub`;

/** `brevis models list|pull|info|install|remove|export`. */
export function addModelsCommand(program: Command): void {
  const models = program
    .command("models")
    .summary("list, pull, install and look at models and adapters")
    .description("Lists, pulls, installs and describes the models and adapters that brevis runs.")
    .addHelpText("after", details);
  models
    .command("list")
    .description("Lists the models that brevis is known to run, and the models and adapters that are installed.")
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
    .argument("<MODEL>", "the name of a pulled model or an installed adapter, or a directory")
    .option("--verify", "read all files and compare them with their checksums")
    .option("--json", "print the description as JSON")
    .action(async (model: string, flags: ShowModelFlags) => {
      const { showModel } = await import("./models/show-model.js");
      return showModel(model, flags);
    });
  addInstall(models);
  addExport(models);
}

const exportDetails = `
The adapter is merged into its base, whose tokenizer and chat template go with it. Python packages that write GGUF are installed on first use, in a
place of their own; torch is none of them.

Examples:
  $ brevis models export runs/first --gguf first-f16.gguf
  $ brevis models export short --gguf short.gguf --type q8_0`;

function addExport(models: Command): void {
  models
    .command("export")
    .description("Writes an adapter, merged into its base, for llama.cpp.")
    .argument("<ADAPTER>", "a run, an installed adapter's name, or an adapter's directory")
    .requiredOption("--gguf <OUT>", "the file to write")
    .addOption(new Option("--type <TYPE>", "of the weights").choices(["f16", "q8_0"] as const).default("f16" as const))
    .option("--model <NAME|DIR>", "the base, where the adapter does not say: a directory needs it")
    .option("--runs <DIR>", "the folder of all runs", "runs")
    .option("-q, --quiet", "show no progress")
    .addHelpText("after", exportDetails)
    .action(async (adapter: string, flags: ExportAdapterFlags) => {
      const { runExportGguf } = await import("./models/run-export-gguf.js");
      return runExportGguf(adapter, flags);
    });
}

function addInstall(models: Command): void {
  models
    .command("install")
    .description("Installs the adapter of a training run under a name.")
    .argument("<RUN>", "the run's folder, or its name in the folder of all runs")
    .option("--name <NAME>", "what to call it (default: the run's name)")
    .option("--force", "install it though it is worse than what is installed")
    .option("--runs <DIR>", "the folder of all runs", "runs")
    .addOption(
      new Option("--engine <NAME>", "what checks it").choices(["auto", "mlx", "cpu"] as const).default("auto" as const),
    )
    .option("--json", "print what was installed as JSON")
    .option("-q, --quiet", "show no progress")
    .addHelpText("after", installDetails)
    .action(async (run: string, flags: InstallAdapterFlags) => {
      const { runInstall } = await import("./models/run-install.js");
      return runInstall(run, flags);
    });
  models
    .command("remove")
    .description("Removes an installed adapter.")
    .argument("<NAME>", "the adapter's name")
    .action(async (name: string) => {
      const { removeAdapter } = await import("./models/remove-adapter.js");
      return removeAdapter(name);
    });
}
