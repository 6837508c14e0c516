import { findBriefs } from "../../../briefs/files/find-briefs.js";
import { restoreBrief } from "../../../briefs/files/restore-brief.js";
import { BrevisError } from "../../../errors.js";
import type { BriefCompressFlags } from "../add-brief-command.js";
import { checkBriefs } from "./check-briefs.js";
import { compressBriefs } from "./compress-briefs.js";
import { openBriefSettings } from "./open-brief-settings.js";
import { watchBriefs } from "./watch-briefs.js";

/** `brevis brief compress`: one of compressing, checking, restoring and watching. */
export async function runBriefCompress(paths: readonly string[], flags: BriefCompressFlags): Promise<void> {
  refuseTogether(flags);
  const briefs = await findBriefs(paths);
  if (flags.restore) return restoreBriefs(briefs, flags);
  if (flags.check) return checkBriefs(briefs, flags);
  const settings = await openBriefSettings(flags);
  try {
    await compressBriefs(briefs, settings, flags);
    if (flags.watch) await watchBriefs(paths, settings, flags);
  } finally {
    await settings.close();
  }
}

async function restoreBriefs(briefs: readonly string[], { quiet }: BriefCompressFlags): Promise<void> {
  for (const brief of briefs) {
    const removed = await restoreBrief(brief);
    if (quiet) continue;
    const told = removed.length === 0 ? `${brief} has nothing to take away` : `removed ${removed.join(", ")}`;
    process.stderr.write(`brevis: ${told}\n`);
  }
}

function refuseTogether(flags: BriefCompressFlags): void {
  const given = (["check", "watch", "restore"] as const).filter((name) => flags[name]);
  if (given.length > 1) {
    throw new BrevisError(
      "invalid-option",
      `Expected one of --check, --watch and --restore but received --${given.join(" and --")}.`,
    );
  }
  if (flags.levels && flags.threshold !== undefined) {
    throw new BrevisError("invalid-option", "Expected --levels or --threshold but received both.", {
      hint: "Levels have thresholds of their own: 0.95, 0.8 and 0.6.",
    });
  }
  if (flags.offline && flags.model !== undefined) {
    throw new BrevisError("invalid-option", "Expected --offline or --model but received both.");
  }
}
