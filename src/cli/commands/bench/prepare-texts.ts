import type { SizedTexts } from "../../../bench/latency/measure-calls.js";
import { loadTokenCounter, type TokenCounter } from "../../../engine/tokens/load-token-counter.js";
import { BrevisError } from "../../../errors.js";
import { writeTexts } from "../../../generate/synthetic/write-texts.js";
import { readInput } from "../../files/read-input.js";

const scenariosOf = {
  prose: ["news_aggregate", "rag_context", "email_digest", "devops_incident"],
  tools: ["cicd_log", "bash_output", "search_result", "json_tool_result", "git_diff"],
};

/** Texts of each size, `countOf(size)` of them, all different: from the files where some are named, else from grammars. */
export async function prepareTexts(
  sizes: readonly number[],
  countOf: (tokens: number) => number,
  { text, input }: { text: "prose" | "tools"; input?: readonly string[] },
): Promise<SizedTexts[]> {
  const counter = await loadTokenCounter();
  if (input !== undefined) {
    const whole = (await Promise.all(input.map((path) => readInput(path)))).join("\n\n");
    return sizes.map((tokens) => ({ tokens, texts: cutTexts(whole, tokens, countOf(tokens), counter) }));
  }
  const scenarios = scenariosOf[text];
  return Promise.all(
    sizes.map(async (tokens, at) => {
      // A range of seeds of its own for each size, so that no text of one begins as a text of another.
      const seed = 1 + at * 100_000;
      return { tokens, texts: await writeTexts({ tokens, count: countOf(tokens), seed, scenarios }, counter) };
    }),
  );
}

/** Cuts a text into runs of whole words of about `tokens` each, as many as it gives, at most `count`. */
function cutTexts(whole: string, tokens: number, count: number, counter: TokenCounter): string[] {
  const words = whole.match(/\S+\s*/gu) ?? [];
  const texts: string[] = [];
  let text = "";
  let held = 0;
  for (const word of words) {
    if (texts.length === count) return texts;
    text += word;
    held += counter.count(word);
    if (held < tokens) continue;
    texts.push(text.trimEnd());
    text = "";
    held = 0;
  }
  if (texts.length >= leastTexts) return texts;
  throw new BrevisError(
    "invalid-input",
    `Expected text for at least ${leastTexts} calls of ${tokens} tokens but the input has enough for ${texts.length}.`,
    { hint: "Name more files with --input, or smaller sizes with --sizes." },
  );
}

/** Fewer calls than this say nothing: half of them serve one caller, half of them many, and some of each warm up. */
const leastTexts = 8;
