import { setTimeout as sleep } from "node:timers/promises";
import { BrevisError } from "../../errors.js";
import type { BatchChatClient, ChatRequest } from "../../llm/types.js";
import { type Cell, requestsOf } from "./plan-cells.js";
import { type CellTools, planJudge } from "./score-cell.js";

/** How batches are waited for. */
export interface BatchWait {
  /** Milliseconds between two looks. */
  readonly poll: number;
  readonly signal?: AbortSignal;
  /** Hears, in a sentence, how far it is. */
  readonly onProgress?: (line: string) => void;
}

/** Requests that are handed in together: they are held in memory until then. */
const handedInTogether = 2000;

/**
 * Has the models' answers, and then the judge's verdicts, made by the providers' batch interfaces at half the price. They end up in the response
 * cache, where the run that follows finds them; what a batch could not answer that run asks call by call. Handing in the same
 * cells again after a kill sends nothing twice. Servers of the user's own have no batches and are left to that run.
 *
 * @param cells read once for the answers and once for the verdicts
 */
export async function answerInBatches(
  cells: () => AsyncIterable<Cell>,
  tools: Omit<CellTools, "client"> & { readonly client: BatchChatClient },
  wait: BatchWait,
): Promise<void> {
  const { client, settings } = tools;
  await runStage("answers", requestsForAnswers(cells(), settings), client, wait);
  if (settings.judge.when === "never" || settings.judge.model === "none") return;
  await runStage("verdicts", requestsForVerdicts(cells(), tools), client, wait);
}

async function* requestsForAnswers(cells: AsyncIterable<Cell>, settings: CellTools["settings"]) {
  for await (const cell of cells) {
    const { verbose, compressed } = requestsOf(cell, settings);
    yield verbose;
    yield compressed;
  }
}

async function* requestsForVerdicts(cells: AsyncIterable<Cell>, tools: CellTools) {
  for await (const cell of cells) {
    const { verbose, compressed } = requestsOf(cell, tools.settings);
    const answers = await Promise.all([tools.client.ask(verbose), tools.client.ask(compressed)]);
    yield* await planJudge(cell, ...answers, tools);
  }
}

async function runStage(
  what: string,
  requests: AsyncIterable<ChatRequest>,
  client: BatchChatClient,
  wait: BatchWait,
): Promise<void> {
  const waiting = new Set<string>();
  let group: ChatRequest[] = [];
  const handIn = async () => {
    if (group.length > 0) for (const id of await client.submitBatch(group)) waiting.add(id);
    group = [];
  };
  for await (const request of requests) {
    if (request.model.startsWith("compatible:")) continue;
    group.push(request);
    if (group.length >= handedInTogether) await handIn();
  }
  await handIn();
  if (waiting.size > 0) wait.onProgress?.(`${what}: ${waiting.size} batches are under way`);
  while (waiting.size > 0) {
    for (const id of waiting) {
      const progress = await client.collectBatch(id);
      if (progress.state === "pending") continue;
      waiting.delete(id);
      const { answered, requests: asked, cost } = progress;
      const price = cost === undefined ? "" : `, $${cost.toFixed(2)}`;
      wait.onProgress?.(`${what}: ${answered} of ${asked} came back${price}; ${waiting.size} batches to wait for`);
    }
    if (waiting.size > 0) await pause(wait);
  }
}

async function pause({ poll, signal }: BatchWait): Promise<void> {
  await sleep(poll, undefined, signal && { signal }).catch((cause) => {
    throw new BrevisError("aborted", "The wait for batches was interrupted; what was handed in goes on.", {
      hint: "Give the same command again to collect it.",
      cause,
    });
  });
}
