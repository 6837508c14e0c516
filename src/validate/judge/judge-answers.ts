import { z } from "zod";
import type { ChatClient, ChatRequest } from "../../llm/types.js";
import type { ValidateSettings } from "../settings.js";

/** From the lowest to the highest. */
const verdicts = ["not_equivalent", "partial", "equivalent"] as const;
type Verdict = (typeof verdicts)[number];

const replySchema = z.object({ verdict: z.enum(verdicts), missing: z.array(z.string()).default([]) });

const jsonSchema = {
  type: "object",
  properties: {
    verdict: { type: "string", enum: verdicts },
    missing: { type: "array", items: { type: "string" } },
  },
  required: ["verdict", "missing"],
  additionalProperties: false,
} as const;

/** What the judge said of two answers, in both orders. */
export interface Judgement {
  /** The lower of the two verdicts: 1 equivalent, 0.5 partial, 0 not. Absent where the judge gave no verdict that could be read. */
  readonly score?: number;
  /** Facts that only one of the answers states. */
  readonly missing: readonly string[];
  /** Whether the verdict changed with the order of the answers. */
  readonly disagreed: boolean;
  /** US dollars; absent without prices. */
  readonly cost?: number;
}

/**
 * Asks a model whether two answers are equivalent, once in either order so that neither place is favoured. A reply that cannot be read is
 * asked for once more.
 */
export async function judgeAnswers(
  client: ChatClient,
  judge: ValidateSettings["judge"],
  { question, verbose, compressed }: { question: string; verbose: string; compressed: string },
  signal?: AbortSignal,
): Promise<Judgement> {
  const ask = async (first: string, second: string) => {
    let cost: number | undefined;
    for (let sample = 0; sample < 2; sample++) {
      const answer = await client.ask({
        ...judgeRequest(judge, { question, first, second }),
        sample,
        ...(signal && { signal }),
      });
      if (answer.cost !== undefined) cost = (cost ?? 0) + answer.cost;
      const reply = answer.end === "stop" ? readReply(answer.text) : undefined;
      if (reply !== undefined) return { reply, cost };
    }
    return { cost };
  };
  const asked = await Promise.all([ask(verbose, compressed), ask(compressed, verbose)]);
  const replies = asked.flatMap(({ reply }) => reply ?? []);
  const costs = asked.flatMap((one) => one.cost ?? []);
  const ranks = replies.map(({ verdict }) => verdicts.indexOf(verdict));
  return {
    // One order alone is no verdict: the other might have been lower.
    ...(replies.length === 2 && { score: Math.min(...ranks) / 2 }),
    missing: [...new Set(replies.flatMap(({ missing }) => missing))],
    disagreed: new Set(ranks).size > 1,
    ...(costs.length > 0 && { cost: costs.reduce((sum, cost) => sum + cost, 0) }),
  };
}

/** What the judge is asked of two answers in one order. */
export function judgeRequest(
  { model, maxTokens, system, template }: ValidateSettings["judge"],
  values: { readonly question: string; readonly first: string; readonly second: string },
): ChatRequest {
  return {
    ...{ model, maxTokens, system, purpose: "validate.judge" },
    messages: [{ role: "user", content: fillIn(template, values) }],
    schema: { name: "verdict", schema: jsonSchema },
  };
}

/** The JSON object of a reply, which some models put into a fence or a sentence. */
function readReply(text: string): { verdict: Verdict; missing: string[] } | undefined {
  const json = /\{[\s\S]*\}/u.exec(text)?.[0];
  if (json === undefined) return undefined;
  try {
    return replySchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** Puts values in place of `{names}` in one pass, so that a value's own braces stay what they are. */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );
}
