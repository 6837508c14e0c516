import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readJsonFile } from "../../../engine/models/read-json-file.js";
import { resolveModelPath } from "../../../engine/models/resolve-model-path.js";
import { openEngineModel } from "../../../engine/native/open-engine-model.js";
import { createWordTokenizer, type EncodeText } from "../../../engine/text/word-tokenizer.js";
import type { EngineChoice, EngineModel } from "../../../engine/types.js";
import { BrevisError } from "../../../errors.js";
import { outputCount } from "./model-outputs.js";
import { modelFeatures } from "./read-word-features.js";

/** The name by which `compress` is asked for the model that the package carries. */
export const bundledModelName = "keep";

/** A keep model that is open, with what is needed to put text to it. */
export interface KeepModel {
  readonly name: string;
  readonly engine: EngineModel;
  /** Token ids of a word: in lower case for a model with features, with what stands before it for one without. */
  encodeWord(word: string): Int32Array;
  /** The two tokens that open a sequence; none for a model that was adapted without them. */
  openingOf(kind: string, tenths: number): readonly number[];
}

/** Words whose tokens are remembered; most texts use far fewer. */
const mostWords = 50_000;
/** Calls wait for each other in this process alone: none is refused. */
const queueLimit = 1_000_000;

const open = new Map<string, Promise<KeepModel>>();

/**
 * Opens a keep model once a process and engine.
 *
 * @param name `keep` for the bundled one, else a directory or the name of a pulled model, in the layout that docs/native-abi.md describes
 * @throws {BrevisError} `model-missing` where there is no such model or no engine, `model-invalid` for another kind of model
 */
export function openKeepModel(name: string, engine: EngineChoice): Promise<KeepModel> {
  const key = JSON.stringify([name, engine]);
  let opening = open.get(key);
  if (opening === undefined) {
    opening = openModel(name, engine);
    open.set(key, opening);
    // What could not be opened may be there the next time.
    opening.catch(() => open.delete(key));
  }
  return opening;
}

/** Where the package keeps its model: the same from src/ and from dist/. */
export function bundledModelDirectory(): string {
  return fileURLToPath(new URL("../../../../models/keep", import.meta.url));
}

async function openModel(name: string, choice: EngineChoice): Promise<KeepModel> {
  const directory = name === bundledModelName ? bundledModelDirectory() : await resolveModelPath(name);
  const reading = readTokenizer(directory);
  // Where both fail, the engine's complaint says more; it is awaited first, and the other must not go unhandled.
  reading.catch(() => undefined);
  const engine = await openEngineModel(directory, { engine: choice, queueLimit });
  try {
    refuseOtherModels(engine, directory);
    return createKeepModel(name, directory, engine, await reading);
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

function createKeepModel(
  name: string,
  directory: string,
  engine: EngineModel,
  { encode, special }: KeepTokenizer,
): KeepModel {
  const words = new Map<string, Int32Array>();
  const isAdapted = engine.info.featureCount === 0;
  const idOf = (token: string) => {
    const id = special.get(token);
    if (id !== undefined) return [id];
    if (isAdapted) return [];
    throw otherModel(directory, `the token ${token}`, "none in tokenizer.json");
  };
  return {
    name,
    engine,
    encodeWord(folded) {
      let ids = words.get(folded);
      if (ids === undefined) {
        ids = encode(folded);
        if (words.size >= mostWords) words.clear();
        words.set(folded, ids);
      }
      return ids;
    },
    openingOf: (kind, tenths) => [...idOf(`[kind:${kind}]`), ...idOf(`[rate:${(tenths / 10).toFixed(1)}]`)],
  };
}

interface KeepTokenizer {
  readonly encode: EncodeText;
  readonly special: ReadonlyMap<string, number>;
}

async function readTokenizer(directory: string): Promise<KeepTokenizer> {
  const file = await readJsonFile(join(directory, "tokenizer.json"));
  const { added_tokens: added = [] } = (file ?? {}) as { added_tokens?: AddedToken[] };
  return {
    encode: createWordTokenizer(file) ?? (await openLibrary(directory)),
    special: new Map(added.map(({ content, id }) => [content, id])),
  };
}

/** The library, which reads tokenizers of any form, and says what is wrong with a file that is none. */
async function openLibrary(directory: string): Promise<EncodeText> {
  const { loadTokenizer } = await import("../../../engine/models/load-tokenizer.js");
  const { encode } = await loadTokenizer(directory);
  return encode;
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
}

function refuseOtherModels({ info }: EngineModel, directory: string): void {
  if (info.task !== "keep") throw otherModel(directory, "a keep model", `a ${info.task} model`);
  if (info.keepOutputs !== outputCount) throw otherModel(directory, `${outputCount} outputs`, `${info.keepOutputs}`);
  if (info.featureCount !== 0 && info.featureCount !== modelFeatures.length) {
    throw otherModel(directory, `no features or ${modelFeatures.length}`, `${info.featureCount}`);
  }
}

function otherModel(directory: string, expected: string, received: string): BrevisError {
  return new BrevisError("model-invalid", `Expected ${expected} in ${directory} but found ${received}.`, {
    hint: "Name a keep model that `brevis train keep` has written, or leave the model out.",
  });
}
