import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ContenderSpec } from "./contender.js";
import type { ContenderRequest } from "./contender-process.js";

/** Milliseconds that a contender may take to close. */
const patience = 5000;

/** A contender that runs in a process of its own. */
export interface StartedContender {
  readonly spec: ContenderSpec;
  readonly description: string;
  /** Runs so many times, as Contender's run() does. @returns milliseconds of each */
  run(times: number, decoded: number): Promise<number[]>;
  output(): Promise<Float32Array>;
  stop(): Promise<void>;
}

/** Starts the process and waits until its model is open. Throws what it says when it cannot. */
export async function startContender(spec: ContenderSpec): Promise<StartedContender> {
  const child = fork(fileURLToPath(new URL("./contender-process.js", import.meta.url)), [JSON.stringify(spec)], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const receive = async () => {
    const died = ended.then(([code, signal]) => ({ error: `its process ended with ${signal ?? code}` }));
    const message = once(child, "message").then(([received]) => received as { value?: unknown; error?: string });
    const { value, error } = (await Promise.race([message, died])) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${spec.label}: ${error}`);
    return value;
  };
  const ask = (request: ContenderRequest) => {
    const received = receive();
    child.send(request);
    return received;
  };
  const description = (await receive()) as string;
  return {
    spec,
    description,
    run: async (times, decoded) => (await ask({ ask: "run", times, decoded })) as number[],
    output: async () => (await ask({ ask: "output" })) as Float32Array,
    async stop() {
      if (child.connected) child.send({ ask: "close" } satisfies ContenderRequest);
      // llama.cpp does not always come back from freeing a model; nothing is lost with the process.
      const deadline = setTimeout(() => child.kill("SIGKILL"), patience);
      await ended;
      clearTimeout(deadline);
    },
  };
}
