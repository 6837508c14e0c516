import type { ChatAnswer, ChatClient, ChatRequest } from "../../llm/types.js";
import type { Outcome, OutcomeAnswer } from "../../records/outcome.js";
import { type Judgement, judgeAnswers, judgeRequest } from "../judge/judge-answers.js";
import type { Sandbox } from "../sandbox/open-sandbox.js";
import { type OfflineScore, scoreOffline } from "../score/score-offline.js";
import type { ValidateSettings } from "../settings.js";
import type { Embed } from "./embed-texts.js";
import { type Cell, requestsOf } from "./plan-cells.js";

/** What cells are scored with. */
export interface CellTools {
  readonly client: ChatClient;
  readonly settings: ValidateSettings;
  readonly sandbox?: Sandbox;
  readonly embed?: Embed;
}

/** Asks a cell's model with both texts, and compares what it answered. */
export async function scoreCell(cell: Cell, tools: CellTools, signal?: AbortSignal): Promise<Outcome> {
  const requests = requestsOf(cell, tools.settings);
  const stoppable = signal && { signal };
  const [verbose, compressed] = await Promise.all([
    tools.client.ask({ ...requests.verbose, ...stoppable }),
    tools.client.ask({ ...requests.compressed, ...stoppable }),
  ]);
  const { key, pair, document, domain, compressor, model, task, index } = cell;
  const comparison = await compareAnswers(cell, verbose, compressed, tools, signal);
  return {
    ...{ key, pair, document, domain, model, task: task.task, index },
    ...(compressor !== undefined && { compressor }),
    ...{ verbose: recordAnswer(verbose), compressed: recordAnswer(compressed) },
    ...comparison,
  };
}

function recordAnswer({ text, end, usage, cost, latency, cached }: ChatAnswer): OutcomeAnswer {
  const tokens = { input: usage.input, output: usage.output };
  return { text, end, tokens, ...(cost !== undefined && { cost }), latency, cached };
}

type Comparison = Pick<Outcome, "scores" | "score" | "equivalent" | "judgeCost" | "reasons">;

async function compareAnswers(
  { task }: Cell,
  verbose: ChatAnswer,
  compressed: ChatAnswer,
  tools: CellTools,
  signal?: AbortSignal,
): Promise<Comparison> {
  const ended = compareEnds(verbose, compressed);
  if (ended !== undefined) return ended;
  const { settings, client, embed } = tools;
  const offline = await scoreOffline(task, verbose.text, compressed.text, settings.calibration, tools.sandbox);
  const threshold = settings.calibration.thresholds[task.task];
  const similarity = embed && (await embed(verbose.text, compressed.text, signal));
  const scores = { ...offline.scores, ...(similarity !== undefined && { embedding: similarity }) };
  if (!needsJudge(offline, threshold, settings)) return decide(offline, scores, threshold);
  const asked = { question: task.question, verbose: verbose.text, compressed: compressed.text };
  return decide(offline, scores, threshold, await judgeAnswers(client, settings.judge, asked, signal));
}

/** What the ways in which the answers ended decide already. */
function compareEnds(verbose: ChatAnswer, compressed: ChatAnswer): Comparison | undefined {
  const unmeasured = (reason: string) => ({ scores: {}, equivalent: false, reasons: [`not measured: ${reason}`] });
  if (verbose.end === "refused" || verbose.end === "empty") {
    return unmeasured(`the answer with the verbose text was ${verbose.end}`);
  }
  if (compressed.end === "refused" || compressed.end === "empty") {
    return {
      scores: {},
      score: 0,
      equivalent: false,
      reasons: [`the answer with the compressed text was ${compressed.end}`],
    };
  }
  if (verbose.end === "length" || compressed.end === "length") {
    return unmeasured("an answer was cut at maxTokens; raise it in the settings");
  }
  return undefined;
}

/** What the judge would be asked about a cell whose answers have come; nothing where it is not needed. */
export async function planJudge(
  { task }: Cell,
  verbose: ChatAnswer,
  compressed: ChatAnswer,
  { settings, sandbox }: Pick<CellTools, "settings" | "sandbox">,
): Promise<ChatRequest[]> {
  if (compareEnds(verbose, compressed) !== undefined) return [];
  const offline = await scoreOffline(task, verbose.text, compressed.text, settings.calibration, sandbox);
  if (!needsJudge(offline, settings.calibration.thresholds[task.task], settings)) return [];
  const { question } = task;
  return [
    judgeRequest(settings.judge, { question, first: verbose.text, second: compressed.text }),
    judgeRequest(settings.judge, { question, first: compressed.text, second: verbose.text }),
  ];
}

function needsJudge(
  { settled, score }: OfflineScore,
  threshold: number,
  { judge, calibration }: ValidateSettings,
): boolean {
  if (settled || judge.when === "never" || judge.model === "none") return false;
  return judge.when === "always" || (score >= calibration.unsureBelow && score < threshold);
}

function decide(
  offline: OfflineScore,
  scores: Record<string, number>,
  threshold: number,
  judgement?: Judgement,
): Comparison {
  const { score: judged, missing = [], disagreed = false, cost } = judgement ?? {};
  const score = judged ?? offline.score;
  const equivalent = judged === undefined ? offline.score >= threshold : judged === 1;
  const reasons = [
    ...(judgement !== undefined && judged === undefined ? ["the judge gave no verdict that could be read"] : []),
    ...(disagreed ? ["the judge's verdict changed with the order; the lower one counts"] : []),
    ...(missing.length > 0 ? [`the judge misses: ${missing.slice(0, 5).join("; ")}`] : []),
    ...(equivalent ? [] : offline.reasons),
  ];
  const all = judged === undefined ? scores : { ...scores, judge: judged };
  return { scores: all, score, equivalent, ...(cost !== undefined && { judgeCost: cost }), reasons };
}
