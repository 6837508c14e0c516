import { findAliases } from "../../compress/text/legend.js";
import { type CompressResult, levels } from "../../compress/types.js";
import type { ChatAnswer, ChatClient } from "../../llm/types.js";
import type { AdaptiveChoice, AdaptiveControl } from "../adaptive/adaptive-control.js";
import { measureDensity } from "../adaptive/measure-density.js";
import { writeShape } from "../shaping/write-shape.js";
import type { CompressService } from "../work/compress-service.js";
import { askSide, type Emit, type Side } from "./ask-side.js";
import type { CompareTask } from "./compare-body.js";
import { measureQuality } from "./measure-quality.js";

/** What a comparison works with. */
export interface CompareServices {
  readonly compress: Pick<CompressService, "compress">;
  readonly adaptive: AdaptiveControl;
  readonly openChat: () => Promise<ChatClient>;
}

/** Compresses a prompt, asks the model with and without, at once, and tells of both as they come. */
export async function runCompare(
  task: CompareTask,
  services: CompareServices,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  const { result, choice } = await compressPrompt(task, services, signal);
  await describeCompression(task, result, choice, emit);
  const client = await services.openChat();
  const shape = task.shapesOutput ? writeShape({ texts: [task.prompt], hasTools: false }) : undefined;
  const legend = { ...result.legend, ...shape?.legend };
  const ask = (side: "direct" | "compact", prompt: string, system: string | undefined) =>
    askSide(client, task, { side, prompt, system, legend: side === "compact" ? legend : {} }, emit, signal);
  const compactSystem = [task.system, result.preamble, shape?.block].filter((part) => part !== undefined).join("\n\n");
  const [direct, compact] = await Promise.all([
    ask("direct", task.prompt, task.system),
    ask("compact", result.text, compactSystem === "" ? undefined : compactSystem),
  ]);
  if (compact !== undefined) await emit("dict_stats", countAliases(legend, result, compact));
  if (direct !== undefined && compact !== undefined) {
    const quality = measureQuality(direct.text, compact.text);
    // An empty answer says nothing about the rate.
    if (task.isAdaptive && direct.text !== "") services.adaptive.learn(result.kind, result.rate, quality.score);
    await emit("quality", {
      cosine_similarity: quality.cosineSimilarity,
      information_retained: quality.informationRetained,
      structure_kept: quality.structureKept,
      score: quality.score,
    });
    await emit("output_guard", guardOutput(direct.answer, compact.answer));
  }
  await emit("stream_end", { ok: direct !== undefined && compact !== undefined });
}

async function compressPrompt(
  { prompt, options, isAdaptive }: CompareTask,
  { compress, adaptive }: CompareServices,
  signal: AbortSignal,
) {
  const run = async (chosen: typeof options) =>
    JSON.parse((await compress.compress({ text: prompt, options: chosen }, signal)).json) as CompressResult;
  const first = await run(options);
  if (!isAdaptive || options.budget !== undefined || options.mode === "lossless")
    return { result: first, choice: undefined };
  const asked = options.rate ?? levels[options.level ?? "balanced"];
  const choice = adaptive.choose(prompt, first.kind, asked);
  const { level: _, ...rest } = options;
  return { result: choice.rate === asked ? first : await run({ ...rest, rate: choice.rate }), choice };
}

async function describeCompression(
  task: CompareTask,
  result: CompressResult,
  choice: AdaptiveChoice | undefined,
  emit: Emit,
): Promise<void> {
  const mappings = result.legend;
  await emit("dict_info", {
    enabled: task.options.dictionary !== "off",
    aliases: Object.keys(mappings).length,
    mappings,
  });
  const { text, tokens, rate, ratio, kind, loss, decision, segments, warnings, scorer, timings } = result;
  await emit("compression_info", {
    original_tokens: tokens.original,
    compressed_tokens: tokens.compressed,
    tokenizer: tokens.tokenizer,
    exact: tokens.exact,
    requested_rate: choice?.asked ?? task.options.rate ?? levels[task.options.level ?? "balanced"],
    rate,
    ratio,
    content_type: kind,
    density: choice?.density ?? measureDensity(task.prompt),
    adaptive: choice ?? null,
    strategy: task.options.mode ?? "extractive",
    decision,
    loss,
    scorer,
    warnings,
    segments,
    text,
    milliseconds: timings.total,
    model: task.model,
  });
}

function countAliases(legend: Readonly<Record<string, string>>, { text }: CompressResult, { raw }: Side) {
  const aliases = Object.keys(legend);
  const found = raw.match(/[^\s\d]\d+/gu) ?? [];
  const uses = found.filter((alias) => Object.hasOwn(legend, alias));
  const used = new Set(uses);
  return {
    aliases: aliases.length,
    used_in_prompt: findAliases(text, legend).length,
    used_in_output: uses.length,
    hits: [...used],
    hit_rate: aliases.length === 0 ? 0 : used.size / aliases.length,
  };
}

function guardOutput(direct: ChatAnswer, compact: ChatAnswer) {
  const exceeded = compact.usage.output > direct.usage.output;
  return {
    exceeded,
    direct_tokens: direct.usage.output,
    compact_tokens: compact.usage.output,
    message: exceeded
      ? `The answer to the compressed prompt took ${compact.usage.output - direct.usage.output} tokens more than the one to the whole prompt.`
      : null,
  };
}
