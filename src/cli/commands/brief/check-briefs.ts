import { checkBrief } from "../../../briefs/files/check-brief.js";
import { readSource } from "../../../briefs/files/read-source.js";
import { errorColours } from "../../terminal/terminal-colours.js";
import type { BriefCompressFlags } from "../add-brief-command.js";
import { levelsOf } from "./open-brief-settings.js";

/** `--check`: tells of each brief whose compressed form is not of it, and exits with 1 where there is one. */
export async function checkBriefs(briefs: readonly string[], flags: BriefCompressFlags): Promise<void> {
  const colours = errorColours();
  let stale = 0;
  for (const brief of briefs) {
    const source = await readSource(brief);
    for (const level of levelsOf(flags)) {
      const reason = await checkBrief(brief, source, level);
      if (reason === undefined) continue;
      stale++;
      process.stderr.write(`${colours.red("brevis:")} ${brief}${level.suffix}: ${reason}\n`);
    }
  }
  if (stale > 0) {
    process.stderr.write("  Run `brevis brief compress` on them again.\n");
    process.exitCode = 1;
  } else if (!flags.quiet) {
    process.stderr.write(`brevis: ${briefs.length} ${briefs.length === 1 ? "brief is" : "briefs are"} up to date\n`);
  }
}
