import { type Command, InvalidArgumentError } from "commander";

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

/** `brevis generate`. */
export function addGenerateCommand(program: Command): void {
  const generate = program.command("generate").summary("make training pairs").description("Makes training pairs.");
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError("Expected a whole number.");
  return number;
}
