/** A contender in a process of its own: waits for the parent's questions between runs, so that only one works at a time. */
import type { Contender, ContenderSpec } from "./contender.js";

async function openContender(spec: ContenderSpec): Promise<Contender> {
  if (spec.engine === "brevis") return (await import("./open-brevis.js")).openBrevis(spec);

  if (spec.engine === "onnxruntime") return (await import("./open-onnxruntime.js")).openOnnxRuntime(spec);
  return (await import("./open-llama.js")).openLlama(spec);
}

/** What the parent asks. */
export type ContenderRequest =
  | { readonly ask: "run"; readonly times: number; readonly decoded: number }
  | { readonly ask: "output" }
  | { readonly ask: "close" };

async function answer(contender: Contender, request: Exclude<ContenderRequest, { ask: "close" }>): Promise<unknown> {
  if (request.ask === "output") return contender.output();
  const times: number[] = [];
  for (let i = 0; i < request.times; i++) times.push(await contender.run(request.decoded));
  return times;
}

const send = (message: object) => process.send!(message);
try {
  const contender = await openContender(JSON.parse(process.argv[2]!) as ContenderSpec);
  send({ value: contender.description });
  process.on("message", (request: ContenderRequest) => {
    if (request.ask === "close") {
      contender.close().finally(() => process.disconnect());
      return;
    }
    answer(contender, request).then(
      (value) => send({ value }),
      (error: Error) => send({ error: error.message }),
    );
  });
  process.on("disconnect", () => process.exit());
} catch (error) {
  send({ error: (error as Error).message });
  process.disconnect();
}
