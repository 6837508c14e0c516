import { setMaxListeners } from "node:events";
import { openChatClient } from "../../llm/open-chat-client.js";
import { readEnvironment } from "../../llm/registry/read-environment.js";
import type { TaskKind } from "../../queue/task.js";
import type { Outcome } from "../../records/outcome.js";
import { openSandbox } from "../sandbox/open-sandbox.js";
import type { ValidateSettings } from "../settings.js";
import { openEmbeddings } from "./embed-texts.js";
import type { Cell } from "./plan-cells.js";
import { scoreCell } from "./score-cell.js";

/** What all cells of a run share. */
export interface ValidateSetup {
  readonly settings: ValidateSettings;
}

/** Asking a model and comparing its answers, as work that any process can do. */
export const validateKind: TaskKind<ValidateSetup, Cell, Outcome> = {
  name: "validate",
  async open({ settings }) {
    const client = await openChatClient();
    const sandbox = await openSandbox(settings.sandbox);
    const embed = settings.embeddings && (await openEmbeddings(settings.embeddings, readEnvironment()));
    const tools = { client, settings, sandbox, ...(embed && { embed }) };
    return {
      run: (cell, { signal }) => {
        // Every call under way listens to the run's one signal: many listeners are no leak here.
        setMaxListeners(0, signal);
        return scoreCell(cell, tools, signal);
      },
      close: () => client.close(),
    };
  },
};
