import { basename } from "node:path";
import { chooseDomain } from "../../../compress/abstractive/choose-domain.js";
import { loadTokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { importPairs } from "../../../records/import-pairs.js";
import { openOutput } from "../../files/open-output.js";
import { reportWarning } from "../../terminal/report-error.js";
import { formatCount } from "../../terminal/summarize-result.js";
import type { ImportFlags } from "./add-records-command.js";
import { reportSkipped } from "./report-skipped.js";

/** Runs `brevis records import`. */
export async function runImport(path: string, flags: ImportFlags): Promise<void> {
  const { count } = await loadTokenCounter();
  const output = await openOutput(flags.output);
  let written = 0;
  let useless = 0;
  try {
    const pairs = importPairs(path, {
      ...reportSkipped(flags),
      source: flags.source ?? basename(path).replace(/\.jsonl?$/u, ""),
      licence: flags.licence,
      count,
      chooseDomain: (text) => chooseDomain("prose", text),
      onUseless: (line, { verbose, compressed }) => {
        useless++;
        if (!flags.quiet) reportWarning(`${path}:${line} is no pair: ${verbose} tokens became ${compressed}.`);
      },
    });
    for await (const pair of pairs) {
      await output.write(`${JSON.stringify(pair)}\n`);
      written++;
    }
    await output.commit();
  } finally {
    await output.discard();
  }
  const left = useless === 0 ? "" : `; ${formatCount(useless)} save nothing and were left out`;
  if (!flags.quiet && flags.output !== undefined) process.stderr.write(`${formatCount(written)} pairs${left}\n`);
}
