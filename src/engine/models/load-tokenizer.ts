import { join } from "node:path";
import { BrevisError } from "../../errors.js";
import { type RenderChat, readChatTemplate } from "../text/chat-template.js";
import { createTextTokenizer, type StreamingTokenizer } from "../text/create-text-tokenizer.js";
import { readTokenizerFile, type TokenizerFile } from "../text/tokenizer-file.js";
import { readJsonFile, readTextFile } from "./read-json-file.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Loads the tokenizer of a model directory: `tokenizer.json`, and what there is of `tokenizer_config.json`, `chat_template.jinja` and
 * `generation_config.json`.
 *
 * @throws {BrevisError} `model-invalid` with the file's name when one is missing or damaged
 */
export async function loadTokenizer(directory: string): Promise<StreamingTokenizer> {
  const path = join(directory, "tokenizer.json");
  const [content, config = {}, generation = {}, model = {}] = await Promise.all(
    [
      path,
      ...["tokenizer_config.json", "generation_config.json", "config.json"].map((name) => join(directory, name)),
    ].map(readJsonFile),
  );
  if (content === undefined) throw missingTokenizer(path);
  const file = readTokenizerFile(content, path);
  const endIds = findEndIds(file, [config, generation, model]);
  const renderChat = await findChatTemplate(directory, config);
  return createTextTokenizer({ file, renderChat, endIds, directory });
}

/** Ids that end an answer: whatever any of the files calls an end of sequence. */
function findEndIds(file: TokenizerFile, configs: readonly JsonObject[]): number[] {
  const found = new Set<number>();
  for (const { eos_token_id: ids, eos_token: name } of configs) {
    for (const id of Array.isArray(ids) ? ids : [ids]) if (Number.isInteger(id)) found.add(id);
    const token = file.added_tokens.find(({ content }) => content === nameOfToken(name));
    if (token !== undefined) found.add(token.id);
  }
  return [...found].sort((a, b) => a - b);
}

/** A token in tokenizer_config.json is its name, or an object that has it as `content`. */
function nameOfToken(value: unknown): string | undefined {
  const name = typeof value === "object" && value !== null ? (value as JsonObject).content : value;
  return typeof name === "string" ? name : undefined;
}

async function findChatTemplate(directory: string, config: JsonObject): Promise<RenderChat | undefined> {
  const path = join(directory, "chat_template.jinja");
  const own = await readTextFile(path);
  const source = own ?? defaultTemplate(config.chat_template);
  if (source === undefined) return undefined;
  const names: Record<string, string> = {};
  for (const [key, value] of Object.entries(config)) {
    const name = key.endsWith("_token") ? nameOfToken(value) : undefined;
    if (name !== undefined) names[key] = name;
  }
  return readChatTemplate(source, names, own === undefined ? join(directory, "tokenizer_config.json") : path);
}

/** `chat_template` of tokenizer_config.json: a template, or a list of named ones of which `default` is meant for chats. */
function defaultTemplate(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const template = value.find((entry: JsonObject | null) => entry?.name === "default")?.template;
  return typeof template === "string" ? template : undefined;
}

function missingTokenizer(path: string): BrevisError {
  return new BrevisError("model-invalid", `Expected the model's tokenizer in ${path} but there is no such file.`, {
    hint: "Copy the tokenizer.json of the model that these weights come from into its directory, or pull the model.",
  });
}
