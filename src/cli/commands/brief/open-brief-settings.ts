import type { BriefBrain } from "../../../briefs/brain/brief-brain.js";
import { openOfflineBrain } from "../../../briefs/brain/open-offline-brain.js";
import { type BriefLevel, briefLevels, singleLevel } from "../../../briefs/levels.js";
import { loadMethodologies } from "../../../briefs/methodologies/load-methodologies.js";
import { type Pipeline, parsePipeline } from "../../../briefs/methodologies/parse-pipeline.js";
import { loadTokenCounter, type TokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import type { BriefCompressFlags } from "../add-brief-command.js";

/** What all briefs of one command share. */
export interface BriefSettings {
  /** A brain for one brief. */
  openBrain(): BriefBrain;
  readonly pipeline: Pipeline;
  readonly levels: readonly BriefLevel[];
  readonly counter: TokenCounter;
  readonly stableKernels: boolean;
  close(): Promise<void>;
}

const offlinePipeline = "[[offline]]";

/** Opens what the flags name. @throws {BrevisError} `invalid-option` */
export async function openBriefSettings(flags: BriefCompressFlags): Promise<BriefSettings> {
  const methodologies = await loadMethodologies();
  const counter = await loadTokenCounter();
  if (!flags.offline && flags.model === undefined) {
    throw new BrevisError("invalid-option", "Expected --offline, or --model MODEL, but received neither.", {
      hint: "--offline compresses by rules, without any model.",
    });
  }
  const pipeline = parsePipeline(flags.pipeline ?? offlinePipeline, methodologies);
  refuseOnline(pipeline);
  return {
    openBrain: () => openOfflineBrain(counter),
    pipeline,
    levels: levelsOf(flags),
    counter,
    stableKernels: flags.stableKernels ?? false,
    close: async () => {},
  };
}

/** The files that the flags ask for. */
export function levelsOf({
  levels,
  threshold,
}: Pick<BriefCompressFlags, "levels" | "threshold">): readonly BriefLevel[] {
  return levels ? briefLevels : [singleLevel(threshold)];
}

function refuseOnline(pipeline: Pipeline): void {
  const asked = pipeline.flat().find(({ kind }) => kind !== "local");
  if (asked === undefined) return;
  throw new BrevisError("invalid-option", `Expected steps of this machine with --offline but received ${asked.name}.`, {
    hint: "Name a model with --model, or use the steps offline and extractive.",
  });
}
