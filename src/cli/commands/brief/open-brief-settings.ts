import type { BriefBrain } from "../../../briefs/brain/brief-brain.js";
import type { ModelAsker } from "../../../briefs/brain/model-asker.js";
import { type OpenedBrain, openBrain, openRules } from "../../../briefs/brain/open-brain.js";
import type { LocalSteps } from "../../../briefs/brain/run-local-step.js";
import { type BriefLevel, briefLevels, singleLevel } from "../../../briefs/levels.js";
import { loadMethodologies } from "../../../briefs/methodologies/load-methodologies.js";
import { type Pipeline, parsePipeline } from "../../../briefs/methodologies/parse-pipeline.js";
import { loadTokenCounter, type TokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import type { BriefCompressFlags } from "../add-brief-command.js";

/** What all briefs of one command share. */
export interface BriefSettings {
  /** A brain for one brief. */
  createBrain(): BriefBrain;
  /** The model behind the brains; absent for rules. */
  readonly asker?: ModelAsker;
  readonly pipeline: Pipeline;
  readonly levels: readonly BriefLevel[];
  readonly counter: TokenCounter;
  readonly stableKernels: boolean;
  readonly local: Omit<LocalSteps, "counter">;
  close(): Promise<void>;
}

type SettingsFlags = Pick<
  BriefCompressFlags,
  "offline" | "model" | "adapter" | "pipeline" | "levels" | "threshold" | "stableKernels"
>;

const offlinePipeline = "[[offline]]";
/** The pipeline of the best ratio, with the kernels in each prompt: without them it loses a quarter of the kernels. */
const modelPipeline = "[[kernelize,req-kernels],[sitrep-aggressive,req-kernels],[telegraphic,req-kernels]]";

/** Opens what the flags name. @throws {BrevisError} `invalid-option`, and as `openBrain` */
export async function openBriefSettings(flags: SettingsFlags): Promise<BriefSettings> {
  const methodologies = await loadMethodologies();
  const counter = await loadTokenCounter();
  if (!flags.offline && flags.model === undefined) {
    throw new BrevisError("invalid-option", "Expected --offline, or --model MODEL, but received neither.", {
      hint: "--offline compresses by rules, without any model.",
    });
  }
  const usual = flags.model === undefined ? offlinePipeline : modelPipeline;
  const pipeline = parsePipeline(flags.pipeline ?? usual, methodologies);
  if (flags.offline) refuseOnline(pipeline);
  const opened = flags.model === undefined ? openRules() : await openBrain(flags.model, counter);
  return {
    createBrain: opened.create,
    ...(opened.asker ? { asker: opened.asker } : {}),
    pipeline,
    levels: levelsOf(flags),
    counter,
    stableKernels: flags.stableKernels ?? false,
    local: localSteps(opened, flags.adapter),
    close: opened.close,
  };
}

function localSteps({ model }: OpenedBrain, adapter: string | undefined): Omit<LocalSteps, "counter"> {
  return { ...(model ? { model } : {}), ...(adapter === undefined ? {} : { adapter }) };
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
