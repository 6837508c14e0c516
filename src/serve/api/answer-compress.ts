import type { IncomingMessage } from "node:http";
import { compressAdaptively } from "../adaptive/compress-adaptively.js";
import { readJsonBody } from "../http/read-json-body.js";
import type { JsonAnswer } from "../http/write-json.js";
import type { Services } from "../services.js";
import type { SignalSource } from "../work/compress-service.js";
import type { CompressJob } from "../work/job.js";
import { readCompressBody } from "./compress-body.js";

/** POST /api/compress. Results arrive as JSON text, and stay so. */
export async function answerCompress(
  incoming: IncomingMessage,
  signal: SignalSource,
  { compress, configuration: { limits }, metrics, adaptive }: Services,
): Promise<JsonAnswer> {
  const { shape, jobs, isAdaptive } = readCompressBody(
    await readJsonBody(incoming, limits.bodyBytes),
    limits.documents,
  );
  const run = (given: readonly CompressJob[]) => compress.compressAll(given, signal);
  const answers = isAdaptive ? await compressAdaptively(jobs, adaptive, run) : await run(jobs);
  for (const answer of answers) metrics.result(answer);
  const written = answers.map(({ json }) => json);
  const body = shape === "documents" ? `{"results":[${written.join(",")}]}` : `{"result":${written[0]}}`;
  return { body, headers: { "x-brevis-cache": answers.every(({ cached }) => cached) ? "hit" : "miss" } };
}
