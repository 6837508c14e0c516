/** A language model that answers what a script says: the seam at which abstractive mode is tested without weights. */
import type {
  ChatMessage,
  GenerateOptions,
  GenerationReport,
  LanguageModel,
  TextStream,
} from "../../../src/engine/types.js";

/** What the model is asked, read back from the prompt. */
export interface Asked {
  readonly text: string;
  readonly target: number;
  readonly messages: readonly ChatMessage[];
  readonly options: GenerateOptions;
}

type Scripted = string | readonly string[] | { readonly text: string; readonly finish: GenerationReport["finish"] };
export type Script = (asked: Asked) => Scripted | Promise<Scripted>;

export interface ScriptedModel extends LanguageModel {
  readonly asked: Asked[];
  readonly adaptersUsed: string[];
  disposals: number;
}

/** Tokens are words and single marks, with the space before them. */
const tokens = /\s*[\p{L}\p{N}_]{1,8}|\s*[^\s\p{L}\p{N}_]|\s+/gu;

export function scriptModel(script: Script, { context = 32_768 } = {}): ScriptedModel {
  const asked: Asked[] = [];
  const adaptersUsed: string[] = [];
  const encode = (text: string) => Int32Array.from(text.match(tokens) ?? [], (_, index) => index);
  const model: ScriptedModel = {
    asked,
    adaptersUsed,
    disposals: 0,
    directory: "/models/scripted",
    info: { engine: "cpu", task: "causal", context } as LanguageModel["info"],
    tokenizer: {
      encode,
      decode: () => "",
      encodeChat: (messages) => encode(messages.map(({ content }) => content).join("\n")),
      endIds: [0],
    },
    async useAdapter(directory) {
      adaptersUsed.push(directory);
      return { name: directory };
    },
    answer(messages, options) {
      const question = readQuestion(messages, options);
      asked.push(question);
      return streamOf(Promise.resolve(question).then(script), options.signal);
    },
    async dispose() {
      model.disposals++;
    },
    [Symbol.asyncDispose]: () => model.dispose(),
  };
  return model;
}

function readQuestion(messages: readonly ChatMessage[], options: GenerateOptions): Asked {
  const { content } = messages.at(-1)!;
  const text = content.slice(content.indexOf("<text>\n") + 7, content.lastIndexOf("\n</text>"));
  return { text, target: Number(/at most (\d+) tokens/u.exec(content)?.[1]), messages, options };
}

function streamOf(answer: Promise<Scripted>, signal: AbortSignal | undefined): TextStream {
  const parts = answer.then((scripted) => {
    if (signal?.aborted) throw new Error("aborted");
    const isWhole = typeof scripted === "object" && "finish" in scripted;
    const text = isWhole ? scripted.text : scripted;
    return { pieces: typeof text === "string" ? [text] : text, finish: isWhole ? scripted.finish : ("stop" as const) };
  });
  const report = parts.then(({ finish }): GenerationReport => {
    return { finish, promptTokens: 0, reusedTokens: 0, generatedTokens: 0, draftedTokens: 0, acceptedTokens: 0 };
  });
  report.catch(() => {});
  return {
    report,
    async *[Symbol.asyncIterator]() {
      yield* (await parts).pieces;
    },
  };
}
