import { stat } from "node:fs/promises";
import { join } from "node:path";
import { loadLanguageModel } from "../../engine/models/load-language-model.js";
import type { TokenCounter } from "../../engine/tokens/load-token-counter.js";
import type { LanguageModel } from "../../engine/types.js";
import { openChatClient } from "../../llm/open-chat-client.js";
import { type Environment, readEnvironment } from "../../llm/registry/read-environment.js";
import type { BriefBrain } from "./brief-brain.js";
import { askLocalModel, askProvider, type ModelAsker } from "./model-asker.js";
import { openModelBrain } from "./open-model-brain.js";
import { openOfflineBrain } from "./open-offline-brain.js";

/** Brains of one kind: a new one for each brief, over what they share. */
export interface OpenedBrain {
  create(): BriefBrain;
  /** Absent for rules. */
  readonly asker?: ModelAsker;
  /** A model on this machine, for steps of this machine too. */
  readonly model?: LanguageModel;
  close(): Promise<void>;
}

/** The name that a server given by its URL has in the registry. */
const namelessServer = "BRIEF";

/** Rules alone. */
export function openRules(): OpenedBrain {
  return { create: openOfflineBrain, close: async () => {} };
}

/**
 * Opens the model that a name means: a directory or a pulled model on this machine, the URL of a server compatible with OpenAI's
 * (`http://host/v1`, or `http://host/v1#MODEL`), else a slug of the registry or `compatible:NAME`.
 *
 * @throws {BrevisError} `model-missing`, `model-invalid`
 */
export async function openBrain(name: string, counter: TokenCounter, environment?: Environment): Promise<OpenedBrain> {
  if (await isModelDirectory(name)) return openLocal(name, counter);
  const variables = environment ?? readEnvironment();
  const isUrl = /^https?:\/\//u.test(name);
  const client = await openChatClient({ environment: isUrl ? describeServer(name, variables) : variables });
  const asker = askProvider(client, isUrl ? `compatible:${namelessServer.toLowerCase()}` : name);
  return { create: () => openModelBrain(asker, counter), asker, close: () => client.close() };
}

async function openLocal(name: string, counter: TokenCounter): Promise<OpenedBrain> {
  const model = await loadLanguageModel(name);
  const asker = askLocalModel(model, `local:${name.replace(/[\\/]+$/u, "").replace(/^.*[\\/]/u, "")}`);
  return { create: () => openModelBrain(asker, counter), asker, model, close: () => model.dispose() };
}

async function isModelDirectory(name: string): Promise<boolean> {
  return stat(join(name, "config.json")).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

function describeServer(url: string, environment: Environment): Environment {
  const [baseUrl = url, model] = url.split("#");
  const prefix = `BREVIS_SERVER_${namelessServer}`;
  return { ...environment, [`${prefix}_URL`]: baseUrl, ...(model ? { [`${prefix}_MODEL`]: model } : {}) };
}
