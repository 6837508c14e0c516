import { type CompressResult, levels } from "../../compress/types.js";
import type { ServiceAnswer } from "../work/compress-service.js";
import type { CompressJob } from "../work/job.js";
import type { AdaptiveChoice, AdaptiveControl } from "./adaptive-control.js";

/**
 * Compresses texts at the rates that their density and the feedback on their kinds call for; each result says why, in `adaptive`. A text
 * is compressed as asked first, which tells its kind. An absolute budget, and what loses nothing, are left as they are.
 */
export async function compressAdaptively(
  jobs: readonly CompressJob[],
  control: AdaptiveControl,
  run: (jobs: readonly CompressJob[]) => Promise<ServiceAnswer[]>,
): Promise<ServiceAnswer[]> {
  const asked = await run(jobs);
  const choices = jobs.map((job, at) => chooseFor(job, asked[at]!, control));
  const answers = await run(jobs.map((job, at) => withRate(job, choices[at])));
  return answers.map((answer, at) => {
    const choice = choices[at];
    return choice === undefined
      ? answer
      : { ...answer, json: `${answer.json.slice(0, -1)},"adaptive":${JSON.stringify(choice)}}` };
  });
}

function chooseFor(job: CompressJob, { json }: ServiceAnswer, control: AdaptiveControl): AdaptiveChoice | undefined {
  const { budget, mode, rate, level = "balanced" } = job.options;
  if (!("text" in job) || budget !== undefined || mode === "lossless") return undefined;
  const { kind } = JSON.parse(json) as CompressResult;
  return control.choose(job.text, kind, rate ?? levels[level]);
}

function withRate(job: CompressJob, choice: AdaptiveChoice | undefined): CompressJob {
  if (choice === undefined || !("text" in job)) return job;
  const { level: _, ...options } = job.options;
  return { ...job, options: { ...options, rate: choice.rate } };
}
