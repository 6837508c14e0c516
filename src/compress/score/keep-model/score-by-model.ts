import type { EngineChoice } from "../../../engine/types.js";
import { BrevisError } from "../../../errors.js";
import type { CompressContext } from "../../context.js";
import type { ReducedSegment, Segment } from "../../draft.js";
import { readWords } from "../read-words.js";
import { modelOutputs, outputCount } from "./model-outputs.js";
import type { KeepModel } from "./open-keep-model.js";
import type { ScoredWords, TextToScore } from "./score-texts.js";

/** What a model said of a call's segments. */
export interface ModelScores {
  /** For each segment the chance of each of its units that a reader misses it, or undefined where the model does not speak. */
  readonly chances: readonly (Float32Array | undefined)[];
  readonly engine: "cpu" | "mlx";
  readonly model: string;
}

/** How far the chance to be part of an answer lifts a word, in logits; measured on held-out questions. */
const answerShare = 0.15;

/**
 * Asks the keep model for the words of prose.
 *
 * @param rate share of the tokens that is to stay, 0..1
 * @param meanwhile work for this thread while the model's do theirs; not called where the model is not asked
 * @returns undefined where no model speaks of anything, none loads, or the deadline has passed
 * @throws {BrevisError} `aborted`; `model-missing` and `model-invalid` for a model that the caller named
 */
export async function scoreByModel(
  source: string,
  segments: readonly ReducedSegment[],
  rate: number,
  context: CompressContext,
  meanwhile: () => void = () => {},
): Promise<ModelScores | undefined> {
  if (context.isLate() || context.options.engine === "none") return undefined;
  const chosen = segments.map((segment) => speaksOf(source, segment));
  const model = await openModelOf(context.options, chosen.includes(true));
  if (model === undefined) return undefined;
  const tenths = Math.min(9, Math.max(1, Math.round(rate * 10)));
  const texts = segments.flatMap(({ start, end }, at) =>
    chosen[at] ? [{ text: source.slice(start, end), kind: "prose", tenths }] : [],
  );
  const scored = await scoreInTime(model, texts, context, meanwhile).catch((error: unknown) => {
    // Nobody asked for the bundled model by name: what it cannot score, the linear scorer does.
    if (context.options.model === undefined && !context.options.signal?.aborted) return undefined;
    throw error;
  });
  if (scored === undefined) return undefined;
  let next = 0;
  const chances = segments.map((segment, at) => (chosen[at] ? chancesOfUnits(segment, scored[next++]!) : undefined));
  return { chances, engine: model.engine.info.engine, model: model.name };
}

/**
 * Starts to open the model where the segments look as if it will be asked: on threads of its own, while this one goes on. What fails
 * is told by `scoreByModel`.
 */
export function openModelAhead(segments: readonly Segment[], { options }: CompressContext): void {
  if (options.engine === "none" || options.mode !== "extractive") return;
  const isWanted = segments.some(({ kind }) => kindsOfWords.has(kind));
  openModelOf(options, isWanted)?.catch(() => undefined);
}

/** What is chosen by words, of which the model speaks where they are English. */
const kindsOfWords: ReadonlySet<string> = new Set(["prose", "markdown", "chat"]);

/**
 * The model that the caller named, or the bundled one: where the caller named an engine, it has to be there, and else it is used
 * where there is prose to score and an engine loads. In abstractive mode a named model writes, and is none that scores.
 */
function openModelOf(
  { model, engine, mode }: CompressContext["options"],
  isWanted: boolean,
): Promise<KeepModel | undefined> | undefined {
  const asked = typeof model === "object" ? undefined : model;
  if (mode === "extractive" && (asked !== undefined || engine !== "auto")) return openModel(asked, engine);
  return isWanted ? openBundledModel() : undefined;
}

let bundled: Promise<KeepModel | undefined> | undefined;

/** The bundled model, or undefined in a process where no engine loads or the package carries no model: that is asked once. */
function openBundledModel(): Promise<KeepModel | undefined> {
  bundled ??= openModel(undefined, "auto").catch(() => undefined);
  return bundled;
}

/** What runs a model is loaded with it: calls that need none do without. */
async function openModel(name: string | undefined, engine: EngineChoice): Promise<KeepModel> {
  const { bundledModelName, openKeepModel } = await import("./open-keep-model.js");
  return openKeepModel(name ?? bundledModelName, engine);
}

/** Whether a segment is prose in the language that the model was trained on. */
function speaksOf(source: string, { noun, units }: ReducedSegment): boolean {
  return noun === "words" && readWords(source, units).known;
}

/** Undefined where the deadline passes first. */
async function scoreInTime(
  model: KeepModel,
  texts: readonly TextToScore[],
  context: CompressContext,
  meanwhile: () => void,
): Promise<ScoredWords[] | undefined> {
  const { signal, deadlineMs } = context.options;
  const signals = [...(signal === undefined ? [] : [signal])];
  if (deadlineMs !== undefined)
    signals.push(AbortSignal.timeout(Math.max(0, Math.ceil(context.lateAt - performance.now()))));
  const { scoreTexts } = await import("./score-texts.js");
  try {
    return await scoreTexts(model, texts, signals.length === 0 ? undefined : AbortSignal.any(signals), meanwhile);
  } catch (error) {
    const ranOut = error instanceof BrevisError && error.code === "aborted" && !signal?.aborted;
    if (ranOut) return undefined;
    throw error;
  }
}

/** The chance of each unit: the mean over the words that begin in it, in logits; 0 where none does. */
function chancesOfUnits({ start, units }: ReducedSegment, { words, logits }: ScoredWords): Float32Array {
  let word = 0;
  return Float32Array.from(units, (unit) => {
    let sum = 0;
    let count = 0;
    while (word < words.length && words[word]!.start + start < unit.end) {
      sum += logits[word * outputCount + modelOutputs.keep]!;
      sum += answerShare * logits[word * outputCount + modelOutputs.answer]!;
      count++;
      word++;
    }
    return count === 0 ? 0 : 1 / (1 + Math.exp(-sum / count));
  });
}
