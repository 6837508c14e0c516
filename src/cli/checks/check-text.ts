import { compress } from "../../compress/compress.js";
import { loadGrammar } from "../../engine/grammars/load-grammar.js";
import { loadTokenCounter } from "../../engine/tokens/load-token-counter.js";
import type { Check } from "./check.js";

const reinstall = "Install brevis again: npm install brevis";
const languages = ["python", "typescript", "tsx", "javascript", "rust", "go", "java", "c", "cpp"] as const;

/** A text and its tokens as tiktoken counts them. */
const known = { text: "naïve: 12345 tokens — 北京 🙂\n", o200k_base: 11, cl100k_base: 14 } as const;

export async function checkTokenizers(): Promise<Check> {
  const name = "tokenizers";
  for (const [target, tokenizer] of [
    [undefined, "o200k_base"],
    ["gpt-4", "cl100k_base"],
  ] as const) {
    const tokens = (await loadTokenCounter(target)).count(known.text);
    if (tokens === known[tokenizer]) continue;
    const detail = `Expected ${known[tokenizer]} tokens of ${tokenizer} but counted ${tokens}.`;
    return { name, status: "failed", detail, hint: reinstall };
  }
  return { name, status: "ok", detail: "o200k_base and cl100k_base count as expected" };
}

export async function checkGrammars(): Promise<Check> {
  const loaded = await Promise.all(languages.map((language) => loadGrammar(language)));
  const missing = languages.filter((_, at) => loaded[at] === undefined);
  const name = "grammars";
  if (missing.length === 0) return { name, status: "ok", detail: languages.join(", ") };
  const detail = `Without a grammar: ${missing.join(", ")}. Code in these is reduced by its indentation.`;
  return { name, status: "warning", detail, hint: reinstall };
}

export async function checkCompression(): Promise<Check> {
  const lines = Array.from(
    { length: 40 },
    (_, at) => `2026-01-05 12:00:${at + 10} INFO worker ${at % 4} is done with its job`,
  );
  const source = `${lines.join("\n")}\n2026-01-05 12:01:00 ERROR worker 3 failed\n`;
  const { decision, text, tokens, warnings, timings } = await compress(source, { rate: 0.5 });
  const name = "compression";
  if (decision === "compressed" && text.includes("failed")) {
    const detail = `${tokens.original} -> ${tokens.compressed} tokens in ${Math.round(timings.total ?? 0)} ms, loading included`;
    return { name, status: "ok", detail };
  }
  const reason = warnings.map(({ message }) => message).join(" ") || text;
  return {
    name,
    status: "failed",
    detail: `Expected a compressed log but received (${decision}): ${reason}`,
    hint: reinstall,
  };
}
