import { type Command, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "../parse-number.js";

/** Everything that `brevis generate` takes. */
export interface GeneratePairsFlags {
  output?: string;
  model?: string;
  rate?: number[];
  limit?: number;
  concurrency?: number;
  repairs?: number;
  source?: string;
  licence?: string;
  onBroken: "skip" | "fatal";
  propose?: string;
  adapter?: string;
  engine: "auto" | "mlx" | "cpu";
  config?: string;
  prompts?: string;
  queue?: string;
  dryRun?: boolean;
  quiet?: boolean;
}

/** Everything that `brevis generate synthetic` takes. */
export interface GenerateSyntheticFlags {
  texts: number;
  seed: number;
  scenario?: string[];
  output?: string;
  quiet?: boolean;
}

const details = `
Each text is compressed to 0.3, 0.5 and 0.7 of its tokens, which makes three records, one a line. The same seed gives the
same bytes. Every pair is checked: each must-keep word of what stays is there, nothing is invented, and at least
1.3 times fewer tokens are left.

Examples:
  $ brevis generate synthetic --texts 1000 -o pairs.jsonl
  $ brevis generate synthetic --scenario git_diff cicd_log --texts 10 --seed 7 | jq -r .compressed`;

const pairsDetails = `
CORPUS is files and folders: Markdown and text are cut by paragraph, source code by function, class and method (no tests, no generated
code), JSON Lines hold records with "text" or "messages". Texts that are there twice, or nearly, are asked for once.

Every answer is checked before it becomes a pair: it must save tokens, keep all must-keep words and invent nothing. What does not pass is sent
back once with what is wrong, and otherwise lies in OUT.rejects.jsonl. Answers are kept in OUT.run/ as they come: after Ctrl-C or a kill the same
command goes on, and pays for no answer twice. Ctrl-C waits for the calls under way; a second one does not.

With --propose a model of this machine writes first, and the paid one only mends what fails the checks. With --model local:NAME, an installed
adapter or a model, it writes all there is, and nothing leaves this machine: what fails the checks lies in the rejects.

Keys are read from the environment or from .env: ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY. COST_LIMIT_DAILY_USD is a limit on a day's cost.

Examples:
  $ brevis generate docs/ src/ --dry-run
  $ brevis generate docs/ src/ --licence Apache-2.0 --limit 1000 -o pairs.jsonl
  $ brevis generate chats.jsonl --model gemini-3.8-flash --rate 0.3,0.5 -o pairs.jsonl
  $ brevis generate docs/ --propose Qwen/Qwen3-4B --adapter adapters/v1 -o pairs.jsonl
  $ brevis generate docs/ --model local:short -o next-round.jsonl`;

/** `brevis generate [pairs]` and `brevis generate synthetic`. */
export function addGenerateCommand(program: Command): void {
  const generate = program
    .command("generate")
    .summary("make training pairs")
    .description(
      "Makes training pairs: of a corpus by asking models (`brevis generate CORPUS...`), or synthetic ones.",
    );
  addPairs(generate);
  generate
    .command("synthetic")
    .summary("write pairs from grammars of what agents read, without any model")
    .description("Writes pairs of texts that agents meet and their compressed forms, as JSON Lines.")
    .option("--texts <N>", "texts to write, spread over the scenarios", wholeNumber, 220)
    .option("--seed <N>", "where the sequence starts", wholeNumber, 1)
    .option("--scenario <NAME...>", "only these")
    .option("-o, --output <OUT>", "write to a file, which appears whole or not at all")
    .option("-q, --quiet", "print nothing but the pairs and errors")
    .addHelpText("after", details)
    .action(async (flags: GenerateSyntheticFlags) => {
      const { writeSyntheticPairs } = await import("./write-synthetic-pairs.js");
      return writeSyntheticPairs(flags);
    });
}

function addPairs(generate: Command): void {
  generate
    .command("pairs", { isDefault: true })
    .summary("have models compress a corpus (what `brevis generate CORPUS` does)")
    .description("Has models write compressed forms of a corpus' texts, and checks them.")
    .argument("<CORPUS...>", "files and folders of text, code and JSON Lines")
    .option("-o, --output <OUT>", "the file of pairs; needed unless --dry-run is given")
    .option("--model <NAME>", "whom to ask: a name of the model registry")
    .option("--rate <RATES>", "shares of the tokens to ask for, by commas", rates)
    .option("--limit <N>", "use at most so many texts, an even sample of the corpus", wholeNumber)
    .option("--concurrency <N>", "calls at the same time", wholeNumber)
    .option("--repairs <N>", "how often an answer that fails a check is sent back", wholeNumber)
    .option("--source <NAME>", "the project or data set that the texts are from (default: the folder's name)")
    .option("--licence <SPDX>", "the licence of texts that do not say theirs")
    .addOption(brokenLines())
    .option("--propose <MODEL>", "a model's directory or name, to write first versions on this machine")
    .option("--adapter <DIR>", "an adapter for the model of --propose or local:MODEL")
    .addOption(new Option("--engine <NAME>", "what runs that model").choices(["auto", "mlx", "cpu"]).default("auto"))
    .option("--config <FILE>", "values in place of those in configs/generate.yaml")
    .option("--prompts <DIR>", "prompts in place of those in configs/prompts/generate")
    .option("--queue <URL>", "have `brevis worker` processes make the calls: redis://HOST:PORT")
    .option("--dry-run", "print what would be asked and what it would cost, and ask nothing")
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText("after", pairsDetails)
    .action(async (corpus: string[], flags: GeneratePairsFlags) => {
      const { generatePairs } = await import("./generate-pairs.js");
      return generatePairs(corpus, flags);
    });
}

function brokenLines(): Option {
  return new Option("--on-broken <WHAT>", "what happens at a broken line of JSON Lines")
    .choices(["fatal", "skip"])
    .default("fatal");
}

function rates(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => number > 0 && number < 1)) return numbers;
  throw new InvalidArgumentError("Expected numbers between 0 and 1, parted by commas.");
}
