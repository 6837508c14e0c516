import { type Command, InvalidArgumentError } from "commander";
import { positiveNumber } from "../parse-number.js";

export interface ProposeFlags {
  output?: string;
  folder?: string;
  teacher?: string;
  model?: string;
  adapter?: string;
  rate: number;
  leastCoverage: number;
  minTokens: number;
  maxTokens: number;
  limit?: number;
  json?: boolean;
  quiet?: boolean;
}

export interface ReviewFlags {
  output?: string;
  folder?: string;
  leastCoverage: number;
  list?: boolean;
  accept?: string[];
  reject?: string[];
  edit?: string[];
  acceptAll?: boolean;
  rejectAll?: boolean;
  json?: boolean;
  quiet?: boolean;
}

const proposeDetails = `
References are what compress() makes of the texts at --rate; with --model, what that model of this machine writes, with its --adapter; with
--teacher, what a provider's model writes, to which the texts are sent, without the secrets that were found. A reference with less than 0.85 of its
text's must-keep words is dropped.

Examples:
  $ brevis records propose --rate 0.4
  $ brevis records propose --model Qwen/Qwen3-4B --adapter first
  $ brevis records propose --teacher claude-sonnet-4-5 --limit 200`;

const reviewDetails = `
At a terminal: a accepts, r rejects, e opens the proposed text in $EDITOR, s skips, m shows all of it, q quits; the next review goes on from there.
Accepted pairs are what \`brevis train local\` and \`brevis records split\` read.

Examples:
  $ brevis records review
  $ brevis records review --list | jq -r .id
  $ brevis records review --accept captured-1f0c9a2b3c4d5e6f --reject captured-0a1b2c3d4e5f6071
  $ brevis records review --accept-all -o pairs.jsonl && brevis train local pairs.jsonl`;

/** `brevis records propose|review`. */
export function addTrafficCommands(records: Command): void {
  records
    .command("propose")
    .description("Proposes pairs of captured texts, to review.")
    .option("-o, --output <OUT>", "the file that pairs are added to (default: in the capture's folder)")
    .option("--folder <DIR>", "where captured texts lie (default: BREVIS_HOME/captured, else the user's data folder)")
    .option("--rate <R>", "share of the tokens to keep", share, 0.5)
    .option("--model <NAME|DIR>", "a model of this machine that writes the references")
    .option("--adapter <NAME|DIR>", "its adapter")
    .option("--teacher <MODEL>", "a provider's model that writes the references")
    .option("--least-coverage <R>", "share of the must-keep words that a reference needs", share, 0.85)
    .option("--min-tokens <N>", "shorter texts are passed over", positiveNumber, 40)
    .option("--max-tokens <N>", "longer texts are cut", positiveNumber, 900)
    .option("--limit <N>", "propose N at most", positiveNumber)
    .option("--json", "print what became of the texts as JSON")
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText("after", proposeDetails)
    .action(async (flags: ProposeFlags) => {
      const { runPropose } = await import("./run-propose.js");
      return runPropose(flags);
    });
  records
    .command("review")
    .description("Asks of each proposed pair whether it is one.")
    .argument("[PROPOSALS]", "a file of pairs (default: those of `brevis records propose`)")
    .option("-o, --output <OUT>", "the file of accepted pairs (default: beside the proposals)")
    .option("--folder <DIR>", "where captured texts lie (default: BREVIS_HOME/captured, else the user's data folder)")
    .option("--least-coverage <R>", "share of the must-keep words that an edited text needs", share, 0.85)
    .option("--list", "print the pairs without a decision")
    .option("--accept <ID...>", "accept these")
    .option("--reject <ID...>", "reject these")
    .option("--edit <ID_TEXT...>", "accept ID with another text: --edit ID TEXT")
    .option("--accept-all", "accept all that are without a decision")
    .option("--reject-all", "reject them")
    .option("--json", "print the counts as JSON")
    .option("-q, --quiet", "print nothing but errors")
    .addHelpText("after", reviewDetails)
    .action(async (proposals: string | undefined, flags: ReviewFlags) => {
      const { runReview } = await import("./review/run-review.js");
      return runReview(proposals, flags);
    });
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a share above 0 and up to 1.");
}
