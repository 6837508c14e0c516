import { checkRewrite } from "../../compress/abstractive/check-rewrite.js";
import { type Domain, loadPrompts } from "../../compress/abstractive/prompts.js";
import { askForRewrite } from "../../compress/abstractive/render-prompt.js";
import { compress } from "../../compress/compress.js";
import { createTextRules } from "../../compress/text/create-text-rules.js";
import type { CompressOptions } from "../../compress/types.js";
import type { ChatClient } from "../../llm/types.js";
import { sha256 } from "./sha256.js";

/** One text to shorten. */
export interface TeacherRequest {
  readonly text: string;
  readonly domain: Domain;
  /** The share of the tokens to aim at, and how many these are. */
  readonly rate: number;
  readonly target: number;
  readonly signal?: AbortSignal | undefined;
}

/** Who writes references. */
export interface Teacher {
  /** For the pairs' provenance. */
  readonly name: string;
  /** SHA-256 of what it is told beside the text, where it is told something. */
  readonly prompt?: string;
  /** @returns the reference, or in a few words why there is none */
  shorten(request: TeacherRequest): Promise<{ readonly text: string } | { readonly failed: string }>;
}

/** `compress()` as a teacher: by its own choice of words, or by a model that writes. Aliases are left out: they are no words to learn. */
export function teachByCompress(options: CompressOptions = {}): Teacher {
  const { mode = "extractive", model, adapter } = options;
  const named = [mode, model, adapter].filter((part) => typeof part === "string").join(" ");
  return {
    name: `compress ${named}`,
    async shorten({ text, rate, signal }) {
      const given = signal === undefined ? {} : { signal };
      const result = await compress(text, { ...options, rate, dictionary: "off", ...given });
      if (result.decision === "compressed") return { text: result.text };
      return { failed: result.decision };
    },
  };
}

/** An answer may have this many times the tokens it is to have before it is cut off, and some more. */
const overrun = { share: 1.3, tokens: 64 };

/** A provider's model as a teacher, asked with the prompts of run time; its answers are checked as the abstractive mode checks a rewrite. */
export async function teachByModel(client: ChatClient, model: string): Promise<Teacher> {
  const prompts = await loadPrompts();
  const rules = createTextRules({ mustKeep: [], query: undefined });
  return {
    name: model,
    prompt: sha256(JSON.stringify(prompts)),
    async shorten({ text, domain, target, signal }) {
      const [system, user] = askForRewrite(prompts[domain], text, target, rules);
      const answer = await client.ask({
        model,
        system: system!.content,
        messages: [{ role: "user", content: user!.content }],
        maxTokens: Math.ceil(target * overrun.share) + overrun.tokens,
        purpose: "records.propose",
        ...(signal === undefined ? {} : { signal }),
      });
      if (answer.end !== "stop") return { failed: answer.end === "length" ? "cut-off" : answer.end };
      const checked = checkRewrite(text.trim(), answer.text, system!.content, rules, domain === "code");
      return "rejected" in checked ? { failed: checked.rejected } : { text: checked.text };
    },
  };
}
