import type { Command } from "commander";
import { BrevisError } from "../../errors.js";
import { addCompressFlags, type CompressFlags } from "./compress-flags.js";

/** Everything that `brevis compress` takes. */
export interface CompressCommandFlags extends CompressFlags {
  json?: boolean;
  stream?: boolean;
  output?: string;
  jsonl?: string;
  textField: string;
  queue?: string;
  /** A folder, `false` for --no-store, `true` when neither was given. */
  store: string | boolean;
  verbose?: boolean;
  quiet?: boolean;
}

const details = `
Without FILE, or with -, standard input is read. Several FILEs give their results one after the other, each starting
on a line of its own; with --json one result a line, with its "file". With -o DIR each gets a file of its own there.

What a lossy result leaves out is kept in the store, and \`brevis restore\` brings it back: --store DIR or BREVIS_STORE
choose another folder, --no-store keeps nothing and writes markers without ids.

--mode abstractive has a model write the text anew: --model names its directory, or a model that \`brevis models pull\` got,
and --adapter one that was trained on it. Numbers, names and the like are checked; where a rewrite lost them, the text is
compressed extractively. Structured text, such as logs and JSON, always is.

With --jsonl, IN has one JSON object a line. Each comes out with its fields and "result"; one that fails has
"result": {"error": {"code", "message"}} and keeps its place. Blank lines are left out.

Examples:
  $ brevis compress build.log --rate 0.3 -o build.short.log
  $ kubectl get pods -A | brevis compress --query "which pods restart?" --must-keep 'node-\\d+'
  $ brevis compress src/*.ts --budget 2000 --json | jq .tokens
  $ brevis compress notes.md --mode abstractive --model Qwen/Qwen3-4B --stream
  $ brevis compress data.json --mode lossless --dictionary all
  $ brevis compress --jsonl records.jsonl --text-field output -o compressed.jsonl`;

/** `brevis compress`. */
export function addCompressCommand(program: Command): void {
  const command = program
    .command("compress")
    .summary("compress files, or standard input")
    .description(
      "Compresses text to fewer tokens. The result goes to standard output, everything else to standard error.",
    )
    .argument("[FILE...]", "files to compress; - is standard input");
  addCompressFlags(command)
    .option("--json", "print the whole result as JSON, one result a line")
    .option("--stream", "print the text as it comes: with --mode abstractive, passage by passage")
    .option("-o, --output <OUT>", "write to a file, which appears whole or not at all, or into a folder")
    .option("--jsonl <IN>", "compress each record of a JSON Lines file; - is standard input")
    .option("--text-field <NAME>", "the field of a record that holds the text", "text")
    .option("--queue <URL>", "with --jsonl: have `brevis worker` processes do it, by way of this Redis server")
    .option("--store <DIR>", "keep what is left out in this folder")
    .option("--no-store", "keep nothing of what is left out")
    .option("-v, --verbose", "print a summary even when standard error is not a terminal")
    .option("-q, --quiet", "print nothing but the result and errors")
    .addHelpText("after", details)
    .action(async (files: string[], flags: CompressCommandFlags) => {
      if (flags.legend === "separate" && !flags.json && flags.jsonl === undefined) {
        throw new BrevisError(
          "invalid-option",
          "Expected --json or --jsonl with --legend separate but received neither.",
          {
            hint: "A separate legend is in the JSON only, and nobody can read aliases without it.",
          },
        );
      }
      if (flags.stream) refuseUnstreamed(flags);
      if (flags.queue !== undefined && flags.jsonl === undefined) {
        throw new BrevisError("invalid-option", "Expected --jsonl with --queue but received none.");
      }
      if (flags.jsonl === undefined) {
        const { compressFiles } = await import("./compress-files.js");
        return compressFiles(files, flags);
      }
      if (files.length > 0) {
        throw new BrevisError(
          "invalid-option",
          `Expected --jsonl alone but received the files ${files.join(", ")} too.`,
        );
      }
      const { compressRecords } = await import("./compress-records.js");
      return compressRecords(flags.jsonl, flags);
    });
}

/** Only the text itself can be printed as it comes, and a file appears whole. */
function refuseUnstreamed({ json, jsonl, output }: CompressCommandFlags): void {
  const other = json ? "--json" : jsonl !== undefined ? "--jsonl" : output !== undefined ? "-o" : undefined;
  if (other === undefined) return;
  throw new BrevisError("invalid-option", `Expected --stream alone but received ${other} too.`);
}
