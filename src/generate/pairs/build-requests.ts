import { createHash } from "node:crypto";
import { askForRewrite } from "../../compress/abstractive/render-prompt.js";
import type { TextRules } from "../../compress/text/text-rules.js";
import type { ChatRequest } from "../../llm/types.js";
import type { GenerationPrompts } from "./load-generation-prompts.js";
import type { Job } from "./plan-jobs.js";

/** A call to make, under a name that only the same call has. */
export interface Call {
  readonly key: string;
  readonly request: Omit<ChatRequest, "signal">;
}

/** What requests are made with. */
export interface RequestTools {
  readonly model: string;
  readonly prompts: GenerationPrompts;
  readonly rules: TextRules;
}

/** Models count otherwise than o200k_base, by up to half more, and may write a little more than they were asked for. */
const room = { share: 1.5, tokens: 64 };
/** Faults that are named; what is wrong beyond them is seen in the next answer. */
const mostFaults = 20;

/** Asks for a text's compressed form. */
export function buildFirstCall(job: Job, { model, prompts, rules }: RequestTools): Call {
  const [system, user] = askForRewrite(prompts.byDomain[job.text.domain], job.text.text, job.target, rules);
  return toCall(job, {
    model,
    system: system!.content,
    messages: [{ role: "user", content: user!.content }],
    purpose: "generate",
  });
}

/** Sends an answer back with what is wrong with it. */
export function buildRepairCall(job: Job, answer: string, faults: readonly string[], tools: RequestTools): Call {
  const { request } = buildFirstCall(job, tools);
  const listed = faults.slice(0, mostFaults).map((fault) => `- ${fault}`);
  const values: Readonly<Record<string, string>> = { faults: listed.join("\n"), target: String(job.target) };
  const content = tools.prompts.repair.replace(/\{(faults|target)\}/gu, (_, name: string) => values[name]!);
  const turns = [
    { role: "assistant" as const, content: answer },
    { role: "user" as const, content },
  ];
  return toCall(job, { ...request, messages: [...request.messages, ...turns], purpose: "generate.repair" });
}

function toCall(job: Job, asked: Omit<ChatRequest, "maxTokens" | "signal">): Call {
  const request = { ...asked, maxTokens: Math.ceil(job.tokens * room.share) + room.tokens };
  const { model, system, messages, maxTokens } = request;
  const key = createHash("sha256")
    .update(JSON.stringify([model, system, messages, maxTokens]))
    .digest("hex");
  return { key, request };
}
