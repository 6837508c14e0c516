import { loadTokenizer } from "../../engine/models/load-tokenizer.js";
import type { ChatMessage } from "../../engine/types.js";
import { createTextRules } from "../text/create-text-rules.js";
import { type Domain, loadPromptSet, type PromptLayout } from "./prompts.js";
import { askForRewrite } from "./render-prompt.js";

/** How each domain's questions are laid out, as at run time. @param prompts as `loadPromptSet` names them */
export async function readTrainingLayouts(prompts: string): Promise<(domain: Domain) => PromptLayout> {
  const set = await loadPromptSet(prompts);
  return (domain) => set[domain].layout ?? "chat";
}

/** What of a training pair its question depends on. */
export interface TrainingPair {
  readonly domain: Domain;
  readonly verbose: string;
  readonly compressed: string;
  readonly tokens: { readonly compressed: number };
}

/**
 * Asks for the compressed form of pairs as the abstractive mode asks at run time. A model is told to write as many tokens as the pair's
 * compressed text has.
 *
 * @param prompts as `loadPromptSet` names them
 * @param model whose tokenizer counts those tokens; without one the pair's own count holds
 */
export async function createTrainingQuestions(
  prompts: string,
  model?: string,
): Promise<(pair: TrainingPair) => ChatMessage[]> {
  const set = await loadPromptSet(prompts);
  const rules = createTextRules({ mustKeep: [], query: undefined });
  const tokenizer = model === undefined ? undefined : await loadTokenizer(model);
  return ({ domain, verbose, compressed, tokens }) => {
    const target = tokenizer?.encode(compressed.trim()).length ?? tokens.compressed;
    return askForRewrite(set[domain], verbose, target, rules);
  };
}
