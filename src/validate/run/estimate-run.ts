import type { ChatClient, ChatRequest } from "../../llm/types.js";
import type { ValidateSettings } from "../settings.js";
import { type Cell, requestsOf } from "./plan-cells.js";

/** Calls and US dollars by model, before anything is asked. What the response cache holds already is not left out. */
export interface RunEstimate {
  readonly cells: number;
  readonly models: Readonly<Record<string, { readonly calls: number; readonly cost: number | undefined }>>;
  /** All models together; absent where one has no price. */
  readonly cost?: number;
}

/** Tokens that an answer and a verdict are taken to have: what they have on average is far below what they may have. */
const assumed = { answer: 300, verdict: 80 } as const;

/** Adds up what cells would take. Every judged answer counts as judged; `when: unsure` asks less. */
export async function estimateRun(
  cells: AsyncIterable<Cell> | Iterable<Cell>,
  client: Pick<ChatClient, "estimateCost">,
  settings: ValidateSettings,
): Promise<RunEstimate> {
  const models: Record<string, { calls: number; cost: number | undefined }> = {};
  const add = (request: ChatRequest, outputTokens: number) => {
    models[request.model] ??= { calls: 0, cost: 0 };
    const entry = models[request.model]!;
    const cost = client.estimateCost(request, outputTokens);
    entry.calls++;
    entry.cost = entry.cost === undefined || cost === undefined ? undefined : entry.cost + cost;
  };
  let count = 0;
  for await (const cell of cells) {
    count++;
    const { verbose, compressed } = requestsOf(cell, settings);
    add(verbose, assumed.answer);
    add(compressed, assumed.answer);
    for (const request of judgeRequests(cell, settings)) add(request, assumed.verdict);
  }
  const costs = Object.values(models).map(({ cost }) => cost);
  const known = costs.flatMap((cost) => cost ?? []);
  const total = known.reduce((sum, cost) => sum + cost, 0);
  return { cells: count, models, ...(known.length === costs.length && { cost: total }) };
}

function judgeRequests(cell: Cell, { judge }: ValidateSettings): ChatRequest[] {
  if (judge.when === "never" || judge.model === "none") return [];
  // Words of about a token each stand for the two answers.
  const content = `${judge.template}${cell.task.question}${" answer".repeat(2 * assumed.answer)}`;
  const request: ChatRequest = {
    ...{ model: judge.model, system: judge.system, maxTokens: judge.maxTokens, purpose: "validate.judge" },
    messages: [{ role: "user", content }],
  };
  return [request, request];
}
