import { createHash } from "node:crypto";
import type { ChatRequest } from "../../llm/types.js";
import type { PairTask } from "../../records/outcome.js";
import { documentOf, type Pair } from "../../records/pair.js";
import { fillIn } from "../judge/judge-answers.js";
import type { ValidateSettings } from "../settings.js";

/** A pair, with the tasks that its record brings along. */
export interface PairToValidate extends Pair {
  readonly tasks?: readonly PairTask[] | undefined;
  /** What made the compressed text, where several are compared. */
  readonly compressor?: string | undefined;
}

/** One cell: a pair, a model and a task. Plain data, which may travel to another process. */
export interface Cell {
  readonly key: string;
  readonly pair: string;
  readonly document: string;
  readonly domain: string;
  readonly compressor?: string;
  readonly verbose: string;
  readonly compressed: string;
  readonly model: string;
  readonly index: number;
  readonly task: PairTask;
}

/** The tasks of a pair: its own, else those that the settings have for its domain. */
export function tasksOf(pair: PairToValidate, settings: ValidateSettings): PairTask[] {
  if (pair.tasks !== undefined && pair.tasks.length > 0) return [...pair.tasks];
  const language = pair.language ?? "the language of the context";
  return settings.tasks[pair.domain].map((task) => ({
    task,
    question: fillIn(settings.prompts[task].question, { language }),
    ...(task === "code" && pair.language !== undefined && { language: pair.language }),
  }));
}

/** Names what settings, texts, tasks and compressor make of a pair: whatever changes an answer changes it. */
export function keyOfPair(pair: PairToValidate, tasks: readonly PairTask[], run: string): string {
  return hashOf(run, pair.id, pair.compressor ?? "", pair.verbose, pair.compressed, JSON.stringify(tasks));
}

/** Names a run: its models and everything in the settings. */
export function keyOfRun(models: readonly string[], settings: ValidateSettings): string {
  return hashOf(JSON.stringify(models), JSON.stringify(settings));
}

function hashOf(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("base64url").slice(0, 22);
}

/** The cells of a pair. Their keys begin with the pair's key and a dot. */
export function planCells(
  pair: PairToValidate,
  tasks: readonly PairTask[],
  models: readonly string[],
  pairKey: string,
): Cell[] {
  const { id, domain, compressor, verbose, compressed } = pair;
  return models.flatMap((model) =>
    tasks.map((task, index) => ({
      key: `${pairKey}.${model}.${index}`,
      ...{ pair: id, document: documentOf(pair), domain, verbose, compressed, model, index, task },
      ...(compressor !== undefined && { compressor }),
    })),
  );
}

/** The key of the pair that a cell's key belongs to. */
export function pairKeyOf(cellKey: string): string {
  return cellKey.slice(0, cellKey.indexOf("."));
}

/** What a model is asked for a cell, with the verbose and with the compressed text. */
export function requestsOf(cell: Cell, settings: ValidateSettings): { verbose: ChatRequest; compressed: ChatRequest } {
  const { task, model } = cell;
  const requestWith = (context: string): ChatRequest => ({
    model,
    system: settings.system,
    messages: [
      { role: "user", content: fillIn(settings.prompts[task.task].template, { context, question: task.question }) },
    ],
    maxTokens: settings.maxTokens,
    purpose: `validate.${task.task}`,
  });
  return { verbose: requestWith(cell.verbose), compressed: requestWith(cell.compressed) };
}
