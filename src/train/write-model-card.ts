import { join } from "node:path";
import { writeWholeFile } from "../files/open-whole-file.js";
import type { TrainingMetric, TrainingRun } from "./run-folder.js";

/** Writes the adapter's `README.md`: what it is, what it was trained on and how, and what it reached. */
export async function writeModelCard(
  folder: string,
  run: TrainingRun,
  metrics: readonly TrainingMetric[],
): Promise<void> {
  const { name, backend, model, created, prompts, seed, settings, data, commit, brevis } = run;
  const { examples, hashes, tooLong } = data;
  const lossOf = (event: TrainingMetric["event"]) => metrics.findLast((metric) => metric.event === event)?.loss;
  const losses = (["train", "valid", "test"] as const).map((event) => {
    const loss = lossOf(event);
    return `| ${event} | ${typeof loss === "number" ? loss.toFixed(4) : "not measured"} |`;
  });
  const settingsLines = Object.entries(settings).map(([key, value]) => `- ${key}: ${JSON.stringify(value)}`);
  const card = `# ${name}

A LoRA adapter of \`${model}\` that shortens texts for language models, trained with brevis ${brevis} (${backend}) on ${created.slice(0, 10)}${commit === undefined ? "" : `, commit ${commit}`}.
It is asked with the prompts \`${prompts}\`, as it was trained.

| examples | loss, nats a token of the answer |
|---|---|
${losses.join("\n")}

Trained on ${examples.train} pairs, validated on ${examples.valid}, tested on ${examples.test}; ${tooLong} were too long and left out. The sides share no document.

- seed: ${seed}
${settingsLines.join("\n")}
${Object.entries(hashes)
  .map(([side, hash]) => `- ${side}.jsonl: SHA-256 ${hash}`)
  .join("\n")}
`;
  await writeWholeFile(join(folder, "adapter", "README.md"), card);
}
