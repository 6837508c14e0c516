import pLimit from "p-limit";
import type { ChatClient } from "../../llm/types.js";
import { taskKinds } from "../../records/outcome.js";
import { judgeAnswers } from "../judge/judge-answers.js";
import type { ValidateSettings } from "../settings.js";
import type { PartQuality } from "./calibrate.js";
import { measureThreshold } from "./choose-threshold.js";
import type { GoldenPair } from "./golden.js";

/** How a judge does on the pairs of a golden set that were held back. */
export interface JudgeReport {
  readonly parts: readonly PartQuality[];
  /** Pairs of which the verdict changed with the order of the answers. */
  readonly disagreed: number;
  /** Pairs without a verdict that could be read; they count as refused. */
  readonly unread: number;
  /** US dollars; absent without prices. */
  readonly cost?: number;
}

const askedAtOnce = 8;

/** Has a model judge the held-back pairs, as it judges answers: in both orders, and accepted when both say equivalent. */
export async function judgeGolden(
  golden: readonly GoldenPair[],
  client: ChatClient,
  judge: ValidateSettings["judge"],
): Promise<JudgeReport> {
  const limit = pLimit(askedAtOnce);
  const pairs = golden.filter(({ split }) => split === "report");
  const judged = await Promise.all(
    pairs.map((pair) => limit(async () => ({ pair, ...(await judgeAnswers(client, judge, pair)) }))),
  );
  const decided = judged.map(({ pair, score }) => ({
    task: pair.task,
    score: Number(score === 1),
    good: pair.equivalent,
  }));
  const parts = [
    ...taskKinds.map((task) => [task, decided.filter((item) => item.task === task)] as const),
    ["all", decided] as const,
  ];
  const costs = judged.flatMap(({ cost }) => cost ?? []);
  return {
    parts: parts
      .filter(([, items]) => items.length > 0)
      .map(([part, items]) => ({ part, pairs: items.length, ...measureThreshold(items, 0.5) })),
    disagreed: judged.filter(({ disagreed }) => disagreed).length,
    unread: judged.filter(({ score }) => score === undefined).length,
    ...(costs.length > 0 && { cost: costs.reduce((sum, cost) => sum + cost, 0) }),
  };
}
