import { createHash } from "node:crypto";
import { askModel } from "../../compress/abstractive/ask-model.js";
import type { Writer } from "../../compress/abstractive/open-writer.js";
import { askForRewrite } from "../../compress/abstractive/render-prompt.js";
import type { TextRules } from "../../compress/text/text-rules.js";
import type { Job } from "./plan-jobs.js";
import type { Proposer } from "./settle-job.js";

/** The answer may have this many times the tokens it is to have before it is cut off, and some more. */
const overrun = { share: 1.3, tokens: 32 };

/** Has a model of this machine, with its adapter, write first versions: asked with the prompts of run time, greedily. */
export function proposeLocally({ model, adapters, prompts }: Writer, rules: TextRules): Proposer {
  const name = [model.directory, ...adapters.map(({ label, name }) => label ?? name)].join(" + ");
  const promptHash = digest(JSON.stringify(prompts));
  const ask = (job: Job) => {
    const tokens = model.tokenizer.encode(job.text.text.trim()).length;
    const target = Math.max(1, Math.floor(job.rate * tokens));
    const messages = askForRewrite(prompts[job.text.domain], job.text.text, target, rules);
    return { messages, maxTokens: Math.ceil(target * overrun.share) + overrun.tokens };
  };
  return {
    name,
    promptHash,
    keyOf: (job) => digest(JSON.stringify(["local", name, promptHash, job.id])),
    systemOf: (job) => ask(job).messages[0]!.content,
    async propose(job, signal) {
      const { messages, maxTokens } = ask(job);
      const { layout } = prompts[job.text.domain];
      if (model.tokenizer.encodeChat(messages, layout).length + maxTokens > model.info.context)
        return { failed: "too-large" };
      const limits = { source: job.text.text, maxTokens, layout, signal, deadline: undefined };
      const answer = await askModel({ model, adapters, prompts }, messages, limits);
      if ("text" in answer) return { text: answer.text };
      // A fault of the engine is no property of the text: it must not be remembered as one.
      if (answer.rejected === "failed") throw answer.error;
      return { failed: answer.rejected };
    },
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
