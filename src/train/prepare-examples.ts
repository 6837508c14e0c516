import { createHash } from "node:crypto";
import { join } from "node:path";
import { createTrainingQuestions, readTrainingLayouts } from "../compress/abstractive/create-training-questions.js";
import { loadTokenizer } from "../engine/models/load-tokenizer.js";
import { BrevisError } from "../errors.js";
import { writeWholeFile } from "../files/open-whole-file.js";
import { type ChatExample, exportExample } from "../records/export-examples.js";
import type { Pair } from "../records/pair.js";
import { readPairs } from "../records/read-pairs.js";
import { type Side, sides, splitPairs } from "../records/split-pairs.js";

/** What to write, and for which model. */
export interface ExamplesRequest {
  /** A file of pairs, which is split by document, or a folder with `train.jsonl`, `valid.jsonl` and `test.jsonl`. */
  readonly pairs: string;
  readonly isFolder: boolean;
  readonly model: string;
  readonly prompts: string;
  readonly maxTokens: number;
}

/** A line of what is written: the chat, for people and for other trainers, and the very tokens that the model will be asked and answer with. */
export interface TrainingExample extends ChatExample {
  readonly tokens: readonly number[];
  /** How many of the tokens are the question; the loss is taken over the others. */
  readonly promptTokens: number;
}

/** What was written. */
export interface PreparedExamples {
  readonly hashes: Readonly<Record<Side, string>>;
  readonly examples: Readonly<Record<Side, number>>;
  readonly tooLong: number;
}

/**
 * Writes pairs as examples for the trainers: `train.jsonl`, `valid.jsonl` and `test.jsonl`. Each has its tokens, so that no trainer's own idea of a
 * template comes between what a model is trained on and what it is asked. Examples that are longer than the model is
 * trained on are left out, since a cut one teaches to stop midway.
 *
 * @throws {BrevisError} `invalid-input`, with file and line, for what is no pair, and where a side to train or validate on is empty
 */
export async function prepareExamples(request: ExamplesRequest, folder: string): Promise<PreparedExamples> {
  const { model, prompts, maxTokens } = request;
  const question = await createTrainingQuestions(prompts, model);
  const layoutOf = await readTrainingLayouts(prompts);
  const tokenizer = await loadTokenizer(model);
  const tokenize = ({ messages }: ChatExample, { domain }: Pair): TrainingExample => {
    const [question, answer] = [messages.slice(0, -1), messages.at(-1)!.content];
    const { tokens, promptTokens } = tokenizer.encodeExample(question, answer, layoutOf(domain));
    return { messages, tokens: [...tokens], promptTokens };
  };
  const lines: Record<Side, string[]> = { train: [], valid: [], test: [] };
  let tooLong = 0;
  for await (const { pair, side } of readSides(request)) {
    const example = tokenize(exportExample(pair, question), pair);
    if (example.tokens.length > maxTokens) tooLong++;
    else lines[side].push(`${JSON.stringify(example)}\n`);
  }
  refuseEmpty(lines, tooLong, request);
  const contents = sides.map((side) => [side, lines[side].join("")] as const);
  // Trainers take an empty file for a broken one.
  for (const [side, content] of contents)
    if (content !== "") await writeWholeFile(join(folder, `${side}.jsonl`), content);
  const collect = <T>(of: (side: Side, content: string) => T) =>
    Object.fromEntries(contents.map(([side, content]) => [side, of(side, content)])) as Record<Side, T>;
  return {
    hashes: collect((_, content) => createHash("sha256").update(content).digest("hex")),
    examples: collect((side) => lines[side].length),
    tooLong,
  };
}

async function* readSides({ pairs, isFolder }: ExamplesRequest): AsyncGenerator<{ pair: Pair; side: Side }> {
  const read = (path: string) => readPairs(path, { onBroken: "fatal" });
  if (isFolder) {
    for (const side of sides) for await (const pair of read(join(pairs, `${side}.jsonl`))) yield { pair, side };
    return;
  }
  const sideOf = await splitPairs(read(pairs));
  let at = 0;
  for await (const pair of read(pairs)) yield { pair, side: sideOf[at++]! };
}

function refuseEmpty(lines: Record<Side, string[]>, tooLong: number, { pairs, maxTokens }: ExamplesRequest): void {
  const empty = (["train", "valid"] as const).filter((side) => lines[side].length === 0);
  if (empty.length === 0) return;
  const left = tooLong === 0 ? "" : `; ${tooLong} pairs are longer than ${maxTokens} tokens with their prompt`;
  throw new BrevisError(
    "invalid-input",
    `Expected pairs to train and to validate on but ${pairs} gives none to ${empty.join(" and ")}${left}.`,
    { hint: "Give more pairs, of more documents, or a folder that `brevis records split --shares` wrote." },
  );
}
