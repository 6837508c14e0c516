import { z } from "zod";
import { BrevisError } from "../../errors.js";
import type { ChatClient, ChatRequest } from "../../llm/types.js";
import type { PairTask } from "../../records/outcome.js";
import { fillIn } from "../judge/judge-answers.js";
import type { ValidateSettings } from "../settings.js";
import { type PairToValidate, tasksOf } from "./plan-cells.js";

/** The tasks of a pair. */
export type TasksOf = (pair: PairToValidate) => Promise<PairTask[]>;

const replySchema = z.object({
  questions: z.array(z.object({ question: z.string().min(1), answer: z.string().min(1) })).min(1),
});

const text = { type: "string" } as const;
const jsonSchema = {
  type: "object",
  properties: {
    questions: {
      type: "array",
      items: {
        type: "object",
        properties: { question: text, answer: text },
        required: ["question", "answer"],
        additionalProperties: false,
      },
    },
  },
  required: ["questions"],
  additionalProperties: false,
} as const;

/**
 * The tasks of pairs, with questions that a model writes about each verbose text in place of the one question of the settings. Pairs that bring
 * tasks keep them. The response cache makes a pair's questions the same in every run.
 *
 * @param model writes the questions
 */
export function openTasks(client: Pick<ChatClient, "ask">, settings: ValidateSettings, model: string): TasksOf {
  return async (pair) => {
    const planned = tasksOf(pair, settings);
    const hasOwn = pair.tasks !== undefined && pair.tasks.length > 0;
    if (hasOwn || settings.questions === 0 || !planned.some(({ task }) => task === "qa")) return planned;
    const written = await askQuestions(client, questionRequest(pair, settings, model), settings.questions);
    if (written === undefined) throw noQuestions(pair.id, model);
    return [...written, ...planned.filter(({ task }) => task !== "qa")];
  };
}

/** The judge's model, or the first of those that are tried where nobody judges. */
export function writerOfQuestions({ judge }: ValidateSettings, models: readonly string[]): string {
  return judge.model === "none" ? models[0]! : judge.model;
}

function questionRequest(
  pair: PairToValidate,
  { prompts, questions, maxTokens }: ValidateSettings,
  model: string,
): ChatRequest {
  const content = fillIn(prompts.write, { context: pair.verbose, count: String(questions) });
  return {
    ...{ model, maxTokens, purpose: "validate.questions" },
    messages: [{ role: "user", content }],
    schema: { name: "questions", schema: jsonSchema },
  };
}

/** Asks once more where the reply cannot be read. */
async function askQuestions(
  client: Pick<ChatClient, "ask">,
  request: ChatRequest,
  count: number,
): Promise<PairTask[] | undefined> {
  for (let sample = 0; sample < 2; sample++) {
    const answer = await client.ask({ ...request, sample });
    const reply = answer.end === "stop" ? readReply(answer.text) : undefined;
    const asked = reply?.questions.slice(0, count);
    if (asked !== undefined) return asked.map(({ question, answer: expected }) => ({ task: "qa", question, expected }));
  }
  return undefined;
}

function readReply(reply: string): z.infer<typeof replySchema> | undefined {
  try {
    return replySchema.safeParse(JSON.parse(/\{[\s\S]*\}/u.exec(reply)?.[0] ?? "")).data;
  } catch {
    return undefined;
  }
}

function noQuestions(id: string, model: string): BrevisError {
  return new BrevisError(
    "remote-failed",
    `Expected questions about the pair ${id} of ${model} but its reply has none.`,
    {
      hint: "Run again, have another model write them (judge.model), or set questions to 0.",
    },
  );
}
