import { openChatClient } from "../../llm/open-chat-client.js";
import type { ChatAnswer, ChatRequest } from "../../llm/types.js";
import type { TaskKind } from "../../queue/task.js";

/** What all calls of a run share. */
export interface AskSetup {
  /** A registry file over the package's, as the worker finds it. */
  readonly models?: string;
}

/** A call to a model as a task: done in this process, or by a worker that has the keys. */
export const askTask: TaskKind<AskSetup, Omit<ChatRequest, "signal">, ChatAnswer> = {
  name: "generate.ask",
  async open({ models }) {
    const client = await openChatClient(models === undefined ? {} : { models });
    return {
      run: (request, { signal }) => client.ask({ ...request, signal }),
      close: () => client.close(),
    };
  },
};
